package dev.paas.router.budget;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.DataSize;
import dev.paas.base.settings.PlatformSettings;

/**
 * What the process can hold at once, so that it is never more than its memory: each admitted
 * connection may cost what it costs at the worst, and all of them share the rest.
 *
 * @param connections of clients
 * @param bytes that they hold beyond {@link #FREE} each
 */
public record Capacity(int connections, long bytes) {

  /** Bytes that a connection may hold without being asked: an ordinary head, or one small read. */
  public static final int FREE = 4 << 10;

  /** Heap of a process that does nothing, and what is garbage before it is collected. */
  static final long IDLE_HEAP = 18L << 20;

  /**
   * Heap of one request under way: the channels of the client and the instance, the exchange, its
   * timers and as much of its head as is kept.
   */
  static final long CONNECTION_HEAP = 5632;

  /** Fewest connections that are of any use. */
  private static final int MIN_CONNECTIONS = 16;

  /** One client may hold a quarter: a head that is larger than that could never be read. */
  private static final int SHARES = 4;

  /**
   * As much of the settings as there is memory for.
   *
   * @param heap bytes of the heap at its largest
   * @param direct bytes of memory outside the heap
   * @param files connections that the limit of open files leaves room for
   * @throws dev.paas.base.problem.PaasException {@code router.too-little-memory}
   */
  public static Capacity of(PlatformSettings.Router settings, long heap, long direct, int files) {
    // Buffers of many sizes leave gaps between them: a quarter stays free.
    long usable = direct - direct / SHARES;
    long bytes = Math.min(settings.maxHeld().bytes(), Math.min(heap, usable) / SHARES);
    long connections = Math.min(settings.maxConnections(), files);
    connections = Math.min(connections, (heap - IDLE_HEAP - bytes) / CONNECTION_HEAP);
    connections = Math.min(connections, (usable - bytes) / FREE);
    if (settings.maxHeaders().bytes() > bytes / SHARES) {
      throw Problem.of(
              Kind.INVALID,
              "router.too-little-memory",
              "A head of router.max-headers is more than the quarter that one client may have of "
                  + new DataSize(bytes)
                  + " for all requests",
              settings.maxHeaders().toString(),
              "Lower router.max-headers, raise router.max-held, or give the process more memory.")
          .asException();
    }
    if (connections < Math.min(MIN_CONNECTIONS, settings.maxConnections())) {
      throw Problem.of(
              Kind.INVALID,
              "router.too-little-memory",
              "The memory or the open files of the process are too few to serve requests",
              heap + " bytes of heap, " + direct + " outside, " + files + " connections",
              "Give the process more, or lower router.max-held.")
          .asException();
    }
    return new Capacity((int) connections, bytes);
  }
}
