package dev.paas.runtime.network;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The networks that this host has a way to ({@code /proc/net/route}, proc(5)). */
public final class HostRoutes {

  private static final int RTF_GATEWAY = 2;
  private static final int RTF_REJECT = 0x200;

  private HostRoutes() {}

  /** A network of the host that shares addresses with the platform's range. */
  public static Optional<String> overlapping(AddressRange range, String platform)
      throws IOException {
    return overlapping(range, platform, Files.readAllLines(Path.of("/proc/net/route")));
  }

  static Optional<String> overlapping(AddressRange range, String platform, List<String> table) {
    return table.stream()
        .skip(1)
        .map(line -> line.strip().split("\\s+"))
        .filter(fields -> !own(fields, platform))
        .filter(fields -> overlaps(range, number(fields[1]), number(fields[7])))
        .map(fields -> address(number(fields[1])) + " on " + fields[0])
        .findFirst();
  }

  /**
   * The networks that the host is in: their hosts are reached without a gateway. Not those that are
   * private anyway.
   */
  static List<String> connected(String platform) throws IOException {
    return connected(platform, Files.readAllLines(Path.of("/proc/net/route")));
  }

  static List<String> connected(String platform, List<String> table) {
    return table.stream()
        .skip(1)
        .map(line -> line.strip().split("\\s+"))
        .filter(fields -> !own(fields, platform) && number(fields[7]) != 0)
        .filter(fields -> (Integer.parseInt(fields[3], 16) & RTF_GATEWAY) == 0)
        .filter(fields -> !isPrivate(number(fields[1])))
        .map(fields -> address(number(fields[1])) + "/" + Integer.bitCount(number(fields[7])))
        .distinct()
        .sorted()
        .toList();
  }

  // As far as a host has many: networks of containers, and links of other platforms' instances.
  private static boolean isPrivate(int address) {
    return address >>> 24 == 10 || address >>> 20 == 0xac1 || address >>> 16 == 0xc0a8;
  }

  // Routes to instances, and the one that holds the whole range.
  private static boolean own(String[] fields, String platform) {
    boolean rejects = (Integer.parseInt(fields[3], 16) & RTF_REJECT) != 0;
    return fields[0].startsWith("v" + platform + "-") || rejects;
  }

  /** The default route covers everything and takes nothing. */
  private static boolean overlaps(AddressRange range, int network, int mask) {
    int own = -1 << (32 - range.prefix());
    int shared = own & mask;
    return mask != 0 && (range.base() & shared) == (network & shared);
  }

  // The kernel prints the bytes, which are in network order, as a number of this machine.
  private static int number(String hex) {
    int printed = Integer.parseUnsignedInt(hex, 16);
    return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
        ? Integer.reverseBytes(printed)
        : printed;
  }

  private static String address(int number) {
    return (number >>> 24)
        + "."
        + (number >>> 16 & 255)
        + "."
        + (number >>> 8 & 255)
        + "."
        + (number & 255);
  }
}
