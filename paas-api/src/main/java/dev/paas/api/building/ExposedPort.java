package dev.paas.api.building;

import dev.paas.contract.runtime.ImageConfig;
import java.util.List;

/** Which port an image wants: the one TCP port that it exposes, if it exposes exactly one. */
final class ExposedPort {

  /** What every other image is told in PORT. */
  static final int DEFAULT = 5000;

  private ExposedPort() {}

  static int of(ImageConfig config) {
    List<Integer> ports =
        config.getExposedPortsList().stream()
            .filter(port -> !port.endsWith("/udp") && !port.endsWith("/sctp"))
            .map(port -> port.endsWith("/tcp") ? port.substring(0, port.length() - 4) : port)
            .filter(port -> port.matches("\\d{1,5}"))
            .map(Integer::valueOf)
            .filter(port -> port > 0 && port < 65536)
            .distinct()
            .toList();
    return ports.size() == 1 ? ports.get(0) : DEFAULT;
  }
}
