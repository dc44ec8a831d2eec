package dev.paas.api.runtime;

import dev.paas.base.problem.Problem.Kind;
import java.util.Map;
import java.util.Set;

/**
 * The kind of a problem that says none: versions before kinds went by the text of the code, and
 * these are their rules. A row that such a version stored and a paas-runtimed that has not been
 * upgraded yet send such problems; nothing that is made today does. To be removed a version later;
 * by then what is left are rows that ended long ago, whose kind nobody asks for.
 */
public final class KindOfCode {

  private static final Map<String, Kind> BY_CODE =
      Map.ofEntries(
          Map.entry("image.no-room", Kind.OVER_ALLOWANCE),
          Map.entry("instance.start-failed", Kind.HOST_FAILED),
          Map.entry("instance.too-many-one-offs", Kind.OVER_LIMIT),
          Map.entry("instance.too-much-config", Kind.OVER_LIMIT),
          Map.entry("network.full", Kind.EXHAUSTED),
          Map.entry("push.internal", Kind.FAILED),
          Map.entry("runtime.cancelled", Kind.CANCELLED),
          Map.entry("runtime.failed", Kind.FAILED),
          Map.entry("runtime.internal", Kind.FAILED),
          Map.entry("runtime.no-uid-range", Kind.OVER_LIMIT));

  private static final Map<String, Kind> BY_LAST_PART =
      Map.ofEntries(
          Map.entry("unauthenticated", Kind.UNAUTHENTICATED),
          Map.entry("forbidden", Kind.FORBIDDEN),
          Map.entry("read-only", Kind.FORBIDDEN),
          Map.entry("not-found", Kind.NOT_FOUND),
          Map.entry("exists", Kind.CONFLICT),
          Map.entry("taken", Kind.CONFLICT),
          Map.entry("conflict", Kind.CONFLICT),
          Map.entry("being-destroyed", Kind.CONFLICT),
          Map.entry("in-use", Kind.CONFLICT),
          Map.entry("ended", Kind.CONFLICT),
          Map.entry("busy", Kind.BUSY),
          Map.entry("destroyed", Kind.GONE),
          Map.entry("too-large", Kind.TOO_LARGE),
          Map.entry("unexpected", Kind.INTERNAL),
          Map.entry("unavailable", Kind.UNAVAILABLE),
          Map.entry("full", Kind.FULL));

  private static final Set<String> UNDERSTOOD_AND_IMPOSSIBLE =
      Set.of("deploy", "build", "release", "process", "run", "scale", "quota");

  private KindOfCode() {}

  public static Kind of(String code) {
    String room = code.substring(0, Math.max(0, code.indexOf('.')));
    Kind known =
        BY_CODE.getOrDefault(code, BY_LAST_PART.get(code.substring(code.indexOf('.') + 1)));
    if (known != null) {
      return known;
    }
    if (room.equals("host")) {
      return Kind.UNPREPARED;
    }
    return UNDERSTOOD_AND_IMPOSSIBLE.contains(room) ? Kind.IMPOSSIBLE : Kind.INVALID;
  }
}
