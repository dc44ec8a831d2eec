package dev.paas.runtime.cgroup;

/**
 * What a group uses.
 *
 * @param cpuNanos since the group was made
 * @param oomKills processes that the kernel killed because of the memory limit
 */
public record Usage(long memoryBytes, long cpuNanos, long oomKills, int pids) {

  static final Usage NONE = new Usage(0, 0, 0, 0);
}
