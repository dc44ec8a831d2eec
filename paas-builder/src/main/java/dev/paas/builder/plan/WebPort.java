package dev.paas.builder.plan;

import dev.paas.contract.runtime.ImageConfig;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which port of an image gets the requests, and is told to its program as {@code PORT}: of several
 * that it exposes, the one that its own {@code PORT} names, else the first that can be HTTP.
 */
public final class WebPort {

  /** What an image that exposes none is told. */
  public static final int DEFAULT = 5000;

  private static final String VARIABLE = "PORT=";

  /** SSH and TLS, which are exposed beside the one that is meant. */
  private static final Set<Integer> OTHERS = Set.of(22, 443);

  private WebPort() {}

  public static int of(ImageConfig config) {
    return of(config.getExposedPortsList(), config.getEnvList());
  }

  /**
   * @param exposed as an image's configuration has them, e.g. {@code 8080/tcp}
   * @param env its variables, {@code NAME=VALUE}
   */
  public static int of(List<String> exposed, List<String> env) {
    List<Integer> ports = ofTcp(exposed);
    Optional<Integer> named =
        env.stream()
            .filter(entry -> entry.startsWith(VARIABLE))
            .flatMap(entry -> number(entry.substring(VARIABLE.length())).stream())
            .filter(ports::contains)
            .findFirst();
    return named.orElseGet(
        () ->
            ports.stream()
                .filter(port -> !OTHERS.contains(port))
                .findFirst()
                .orElseGet(() -> ports.isEmpty() ? DEFAULT : ports.get(0)));
  }

  /** What to tell whoever exposes several; empty for all others. */
  public static Optional<String> note(ImageConfig config) {
    List<Integer> ports = ofTcp(config.getExposedPortsList());
    if (ports.size() < 2) {
      return Optional.empty();
    }
    return Optional.of(
        "The image exposes "
            + ports.size()
            + " ports, and requests go to "
            + of(config)
            + ", which the program is told as PORT. ENV PORT=… in the Dockerfile chooses another of"
            + " them.");
  }

  /** Those of TCP, in the config's order. */
  private static List<Integer> ofTcp(List<String> exposed) {
    return exposed.stream()
        .filter(port -> !port.endsWith("/udp") && !port.endsWith("/sctp"))
        .map(port -> port.endsWith("/tcp") ? port.substring(0, port.length() - 4) : port)
        .flatMap(port -> number(port).stream())
        .distinct()
        .toList();
  }

  private static Optional<Integer> number(String port) {
    return Optional.of(port)
        .filter(text -> text.matches("\\d{1,5}"))
        .map(Integer::valueOf)
        .filter(number -> number > 0 && number < 65_536);
  }
}
