package dev.paas.runtime.boot;

import dev.paas.base.disk.DiskSpace;
import dev.paas.base.disk.DurableFile;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.runtime.container.ContainerParts;
import dev.paas.runtime.content.NameRoom;
import dev.paas.runtime.image.ImageStore;
import dev.paas.runtime.log.Logs;
import dev.paas.runtime.rootfs.UidRanges;
import dev.paas.runtime.tree.TreeStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;

/**
 * What the daemon keeps on disk.
 *
 * @param data the folder {@code <data>/runtime}
 */
record Stores(Path data, UidRanges ids, ImageStore images, Logs logs) {

  static Stores open(PlatformSettings settings, ContainerParts parts, Clock clock)
      throws IOException {
    Path data = settings.platform().data().resolve("runtime");
    PlatformSettings.Build build = settings.build();
    UidRanges ids =
        new UidRanges(
            new DurableFile(data.resolve("uid-ranges")),
            settings.runtime().uidBase(),
            settings.runtime().uidRanges());
    ImageStore images =
        new ImageStore(
            data,
            new TreeStore.Limits(build.maxSource().bytes(), build.maxSourceFiles()),
            new NameRoom(
                new NameRoom.Limits(
                    build.maxFiles(),
                    build.maxNameBytes().bytes(),
                    build.maxDirectory(),
                    build.maxAttributes().bytes())),
            clock,
            new DiskSpace(data, settings.platform().diskReserve()));
    Logs logs =
        new Logs(
            data,
            parts.tools().folders().bundles(),
            parts.duties(),
            settings.runtime().logKept().bytes());
    return new Stores(data, ids, images, logs);
  }
}
