package dev.paas.runtime.linux.file;

import dev.paas.base.settings.DataSize;

/**
 * What somebody may have on a disk.
 *
 * @param bytes of files
 * @param files files, links and directories; every hard link is one
 * @param nameBytes the sum of their names
 * @param directory names in one directory
 */
public record DiskLimits(long bytes, long files, long nameBytes, long directory) {

  /** Only bytes and files count. */
  public DiskLimits(long bytes, long files) {
    this(bytes, files, Long.MAX_VALUE, Long.MAX_VALUE);
  }

  /** Which of them is exceeded. */
  public enum Excess {
    NONE,
    BYTES,
    FILES,
    NAME_BYTES,
    DIRECTORY,
    /** Directories within each other, see {@link DiskUsage#MAX_DEPTH}. */
    DEPTH
  }

  /** What somebody has done who has exceeded a limit, e.g. "made more files than it may". */
  public String words(Excess excess) {
    return switch (excess) {
      case NONE -> "is within its limits";
      case BYTES -> "wrote more to the disk than it may (limit " + new DataSize(bytes) + ")";
      case FILES -> "made more files, links and folders than it may (limit " + files + ")";
      case NAME_BYTES ->
          "made files whose names are longer together than they may be (limit "
              + new DataSize(nameBytes)
              + ")";
      case DIRECTORY -> "made more files in one folder than it may (limit " + directory + ")";
      case DEPTH -> "nested folders deeper than it may (limit " + DiskUsage.MAX_DEPTH + ")";
    };
  }
}
