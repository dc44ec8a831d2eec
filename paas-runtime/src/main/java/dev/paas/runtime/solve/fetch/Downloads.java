package dev.paas.runtime.solve.fetch;

import dev.paas.base.settings.PlatformSettings;
import dev.paas.runtime.linux.file.Folders;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/** How and where builds download: one set of limits, and folders for what has not arrived yet. */
public final class Downloads {

  private static final AtomicLong COUNTER = new AtomicLong();

  private final Path temporary;
  private final Download.Limits limits;

  /**
   * @param temporary a folder of the daemon's that is emptied when it starts
   */
  public Downloads(Path temporary, PlatformSettings.Build settings) {
    this.temporary = temporary;
    this.limits =
        new Download.Limits(
            settings.maxDownload(),
            settings.downloadTimeout(),
            settings.privateRegistries() ? address -> true : PublicAddresses::has);
  }

  public Download open(String url) throws IOException {
    return Download.open(url, limits);
  }

  /** A folder of its own, which whoever asks for it removes. */
  public Path folder() throws IOException {
    return Folders.create(temporary.resolve("download-" + COUNTER.incrementAndGet()), "rwx------");
  }
}
