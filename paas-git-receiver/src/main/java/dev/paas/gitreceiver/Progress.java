package dev.paas.gitreceiver;

/** The pushing client's terminal, line by line. All methods are safe from any thread. */
public interface Progress {

  /**
   * Shows a line ({@code remote: } is put before it by git), at once. Control characters other than
   * the colours of a terminal are escaped. Does nothing once the client is gone.
   */
  void line(String text);

  /** False once the client has hung up: from then on nobody reads. */
  boolean connected();

  /** Runs the action once when the client hangs up, or now if it already has. Must not block. */
  void onHangUp(Runnable action);

  /**
   * Says that the push ref exists and keeps the objects, so that a clean-up after another declined
   * push may look at this repository again.
   */
  void anchored();
}
