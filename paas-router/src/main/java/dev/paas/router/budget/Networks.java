package dev.paas.router.budget;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Ranges of addresses, as settings write them: {@code 192.0.2.0/24}, {@code 2001:db8::1}. */
public final class Networks {

  private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F.:]{2,45}");
  private static final int BITS = 8;

  private final List<Range> ranges;

  private Networks(List<Range> ranges) {
    this.ranges = ranges;
  }

  /**
   * @param key of the setting
   * @throws dev.paas.base.problem.PaasException {@code settings.bad-value}
   */
  public static Networks parse(String key, List<String> texts) {
    List<Range> ranges = new ArrayList<>();
    for (String text : texts) {
      Range range = range(text);
      if (range == null) {
        throw Problem.of(
                Kind.INVALID,
                "settings.bad-value",
                "The setting " + key + " names what is no range of addresses",
                text,
                "Write addresses or ranges, e.g. [\"192.0.2.7\", \"2001:db8::/32\"].")
            .asException();
      }
      ranges.add(range);
    }
    return new Networks(List.copyOf(ranges));
  }

  private static @Nullable Range range(String text) {
    int slash = text.indexOf('/');
    InetAddress address = address(slash < 0 ? text : text.substring(0, slash));
    if (address == null) {
      return null;
    }
    int most = address.getAddress().length * BITS;
    if (slash < 0) {
      return new Range(address.getAddress(), most);
    }
    String length = text.substring(slash + 1);
    boolean fits = length.matches("\\d{1,3}") && Integer.parseInt(length) <= most;
    return fits ? new Range(address.getAddress(), Integer.parseInt(length)) : null;
  }

  /** The address that a text without any name in it writes, or null. */
  public static @Nullable InetAddress address(String text) {
    boolean literal =
        ADDRESS.matcher(text).matches()
            && (text.indexOf(':') >= 0 || text.matches("\\d{1,3}(\\.\\d{1,3}){3}"));
    try {
      return literal ? InetAddress.getByName(text) : null;
    } catch (UnknownHostException malformed) {
      return null;
    }
  }

  public boolean isEmpty() {
    return ranges.isEmpty();
  }

  public boolean has(InetAddress address) {
    if (ranges.isEmpty()) {
      return false;
    }
    byte[] bytes = ClientAddress.plain(address.getAddress());
    for (Range range : ranges) {
      if (range.has(bytes)) {
        return true;
      }
    }
    return false;
  }

  private static final class Range {

    private final byte[] start;
    private final int bits;

    private Range(byte[] start, int bits) {
      this.start = start;
      this.bits = bits;
    }

    private boolean has(byte[] address) {
      if (address.length != start.length) {
        return false;
      }
      for (int i = 0; i < bits; i++) {
        int bit = 1 << (BITS - 1 - i % BITS);
        if (((address[i / BITS] ^ start[i / BITS]) & bit) != 0) {
          return false;
        }
      }
      return true;
    }
  }
}
