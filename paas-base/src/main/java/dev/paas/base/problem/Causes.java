package dev.paas.base.problem;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * Finds everything that hangs on a failure: what caused it, and what was suppressed for it. A
 * transaction manager, for one, hangs what the database said under "suppressed".
 */
public final class Causes {

  private Causes() {}

  /** The failure itself first, then each cause before what was suppressed for it; no one twice. */
  public static List<Throwable> of(Throwable failed) {
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    List<Throwable> all = new ArrayList<>();
    collect(failed, seen, all);
    return all;
  }

  private static void collect(Throwable failed, Set<Throwable> seen, List<Throwable> into) {
    if (!seen.add(failed)) {
      return;
    }
    into.add(failed);
    Throwable cause = failed.getCause();
    if (cause != null) {
      collect(cause, seen, into);
    }
    for (Throwable suppressed : failed.getSuppressed()) {
      collect(suppressed, seen, into);
    }
  }
}
