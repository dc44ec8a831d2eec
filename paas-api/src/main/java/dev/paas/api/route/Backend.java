package dev.paas.api.route;

/**
 * An instance that requests may go to.
 *
 * @param instance unique on the platform, e.g. {@code shop.web.v3.1.g0}
 * @param label what people call it, e.g. {@code web.1}
 * @param address IPv4
 */
public record Backend(String instance, String label, String address, int port)
    implements Comparable<Backend> {

  @Override
  public int compareTo(Backend other) {
    return instance.compareTo(other.instance);
  }
}
