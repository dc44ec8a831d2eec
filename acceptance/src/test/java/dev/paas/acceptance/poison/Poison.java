package dev.paas.acceptance.poison;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A commit that somebody may push to do harm.
 *
 * @param name of its class, and what was chosen for it
 * @param files path to content
 * @param script makes what a file's text can't say, with bash in the repository
 * @param end how its push has to end
 */
record Poison(String name, Map<String, String> files, String script, End end) {

  /** How a push ends; without a word never. */
  enum End {
    ACCEPTED,
    DECLINED,
    EITHER
  }

  /** An image that serves, so that a push is only declined for its poison. */
  static final String BASE = "FROM debian:bookworm-slim\n";

  /** Answers every request as soon as it runs. */
  static final String SERVER =
      """
      USER 65534
      CMD ["perl", "-MIO::Socket::INET", "-e", "$s = IO::Socket::INET->new(LocalPort => $ENV{PORT}, \
      Listen => 9, ReuseAddr => 1) or die; while ($c = $s->accept) { <$c>; print $c \\"HTTP/1.0 200 \
      OK\\\\r\\\\n\\\\r\\\\nok\\"; close $c }"]
      """;

  Poison {
    files = Map.copyOf(files);
  }

  /** A Dockerfile around some instructions. */
  static Poison dockerfile(String name, String instructions, End end) {
    return new Poison(name, Map.of("Dockerfile", BASE + instructions + SERVER), "", end);
  }

  /** A step of a build. */
  static Poison step(String name, String command, End end) {
    return dockerfile(name, "RUN " + command.strip().replace("\n", "; \\\n") + "\n", end);
  }

  /** Of some files alone. */
  static Poison of(String name, Map<String, String> files, End end) {
    return new Poison(name, files, "", end);
  }

  /** One with a file more. */
  Poison with(String path, String content) {
    Map<String, String> more = new LinkedHashMap<>(files);
    more.put(path, content);
    return new Poison(name, more, script, end);
  }

  /** One that a script finishes. */
  Poison with(String more) {
    return new Poison(name, files, more, end);
  }

  @Override
  public String toString() {
    return name;
  }
}
