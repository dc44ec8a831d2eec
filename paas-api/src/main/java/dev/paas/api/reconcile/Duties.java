package dev.paas.api.reconcile;

import java.util.List;

/** Queues whose steps may fail again and again; {@code paas doctor} asks them. */
public interface Duties {

  /** What has failed many times in a row and is still being tried. */
  List<Trouble> troubles();

  /**
   * A key whose step keeps failing.
   *
   * @param failures in a row
   * @param cause the last one's kind, for a person who reads the log next
   */
  record Trouble(String queue, String key, int failures, String cause) {}
}
