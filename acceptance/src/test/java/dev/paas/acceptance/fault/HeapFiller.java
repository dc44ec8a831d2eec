package dev.paas.acceptance.fault;

/** Loaded into a running daemon: takes all of its heap. Knows nothing but java.lang. */
public final class HeapFiller {
  private HeapFiller() {}

  /** Called by the JVM that has loaded this. */
  public static void agentmain(String nothing) {
    Object[] all = {};
    while (true) {
      all = new Object[] {all, new byte[1 << 16]};
    }
  }
}
