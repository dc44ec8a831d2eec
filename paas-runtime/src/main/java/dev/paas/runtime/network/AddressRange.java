package dev.paas.runtime.network;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The platform's IPv4 range: its first address is the gateway, each further one is a place for an
 * instance.
 *
 * @param base the range's own number, e.g. 10.214.0.0
 * @param prefix bits of the network part, 16 to 24
 */
public record AddressRange(int base, int prefix) {

  private static final Pattern CIDR =
      Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})/(\\d{1,2})");

  /** The first place that an instance can have: 0 is the range's number, 1 is the gateway. */
  static final int FIRST_PLACE = 2;

  /** Reads {@code 10.214.0.0/16}. */
  public static AddressRange parse(String text) {
    Matcher parts = CIDR.matcher(text);
    if (parts.matches()) {
      int base = 0;
      boolean valid = true;
      for (int i = 1; i <= 4; i++) {
        int octet = Integer.parseInt(parts.group(i));
        valid &= octet < 256;
        base = base << 8 | octet;
      }
      int prefix = Integer.parseInt(parts.group(5));
      if (valid && prefix >= 16 && prefix <= 24 && (base & (1 << (32 - prefix)) - 1) == 0) {
        return new AddressRange(base, prefix);
      }
    }
    throw Problem.of(
            Kind.INVALID,
            "network.bad-range",
            "This is not a range of addresses for instances",
            text,
            "Set runtime.network to an IPv4 range between /16 and /24, e.g. 10.214.0.0/16.")
        .asException();
  }

  public Inet4Address gateway() {
    return address(1);
  }

  /** One more than the last place that an instance can have; the last address is for broadcasts. */
  public int places() {
    return (1 << (32 - prefix)) - 1;
  }

  public Inet4Address address(int place) {
    if (place < 1 || place >= places()) {
      throw new IllegalArgumentException("there is no place " + place + " in " + this);
    }
    return inet(base + place);
  }

  /** The place of an address that is written like {@code 10.214.0.7}; nothing for others. */
  public OptionalInt placeOf(String address) {
    if (!address.matches("\\d{1,3}(\\.\\d{1,3}){3}")) {
      return OptionalInt.empty();
    }
    int number = 0;
    for (String octet : address.split("\\.")) {
      number = number << 8 | Integer.parseInt(octet);
    }
    int place = number - base;
    return place >= FIRST_PLACE && place < places() ? OptionalInt.of(place) : OptionalInt.empty();
  }

  /** The range's own number as an address. */
  Inet4Address first() {
    return inet(base);
  }

  private static Inet4Address inet(int number) {
    byte[] bytes = {
      (byte) (number >>> 24), (byte) (number >>> 16), (byte) (number >>> 8), (byte) number
    };
    try {
      return (Inet4Address) InetAddress.getByAddress(bytes);
    } catch (UnknownHostException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  @Override
  public String toString() {
    return (base >>> 24)
        + "."
        + (base >>> 16 & 255)
        + "."
        + (base >>> 8 & 255)
        + "."
        + (base & 255)
        + "/"
        + prefix;
  }
}
