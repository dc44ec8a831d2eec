package dev.paas.gitreceiver.upload;

import dev.paas.base.settings.DataSize;
import dev.paas.base.settings.PlatformSettings;
import java.time.Duration;

/**
 * How much one upload may hold, and how long it may take.
 *
 * @param maxBytes of all files together, {@code build.max-source}
 * @param maxFiles files and links, {@code build.max-source-files}; folders may be as many again
 * @param maxFile one file, {@code ssh.max-object}, as in a push
 * @param timeout for all of it to arrive, {@code uploads.timeout}
 */
public record UploadLimits(DataSize maxBytes, int maxFiles, DataSize maxFile, Duration timeout) {

  /** Of one entry in an archive beside its content: its header, its padding, its long names. */
  private static final long PER_ENTRY = 4 << 10;

  /** The blocks that end an archive, and the filling of its last record, in bytes. */
  private static final long END = 1 << 20;

  /** What holds for uploads on a platform with these settings. */
  public static UploadLimits of(PlatformSettings settings) {
    return new UploadLimits(
        settings.build().maxSource(),
        settings.build().maxSourceFiles(),
        settings.ssh().maxObject(),
        settings.uploads().timeout());
  }

  /** What an archive may come to when it is unpacked, in bytes. */
  long archive() {
    return maxBytes.bytes() + 2L * maxFiles * PER_ENTRY + END;
  }
}
