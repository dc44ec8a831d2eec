package dev.paas.runtime.cgroup;

/**
 * What a group may use; 0: no limit of that kind.
 *
 * @param memoryBytes memory, page cache and tmpfs; no swap beyond it
 * @param cpuMillis 1000 is one core
 * @param pids processes and threads
 */
public record GroupLimits(long memoryBytes, int cpuMillis, int pids) {

  /** The length of a period of CPU time, in microseconds: the kernel's default. */
  static final int CPU_PERIOD_MICROS = 100_000;

  /** CPU time in a period, in microseconds. */
  long cpuQuotaMicros() {
    return Math.max(1000, (long) cpuMillis * CPU_PERIOD_MICROS / 1000);
  }
}
