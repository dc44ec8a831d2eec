package dev.paas.api.oneoff;

import dev.paas.base.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The runs that have been asked for and are not over; they live and die with their reader. */
@ApplicationScoped
class OneOffs {

  /** Asked for and not read yet, or running, on the whole platform. */
  private static final int MAX = 64;

  private static final int ID_BYTES = 12;

  private final SecureRandom random = new SecureRandom();

  /** Oldest first. Guarded by itself. */
  private final Map<String, OneOff> runs = new LinkedHashMap<>();

  String add(OneOff run) {
    byte[] bytes = new byte[ID_BYTES];
    random.nextBytes(bytes);
    String id = HexFormat.of().formatHex(bytes);
    synchronized (runs) {
      if (runs.size() >= MAX) {
        // Those that nobody came to read make room.
        runs.values().removeIf(waiting -> !waiting.started());
      }
      if (runs.size() >= MAX) {
        throw Problem.of(
                "run.busy", "There are too many runs at once", "Wait until some of them are over.")
            .asException();
      }
      runs.put(id, run);
    }
    return id;
  }

  Optional<OneOff> find(String id) {
    synchronized (runs) {
      return Optional.ofNullable(runs.get(id));
    }
  }

  void remove(String id) {
    synchronized (runs) {
      runs.remove(id);
    }
  }
}
