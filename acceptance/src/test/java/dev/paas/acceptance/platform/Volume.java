package dev.paas.acceptance.platform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A small file system of its own under a folder of a platform's data, so that a disk can be full
 * without filling the host's. What is in the folder is taken along, and back when this is closed.
 */
public final class Volume implements AutoCloseable {
  private final Platform platform;
  private final String daemon;
  private final Path folder;
  private final Path ballast;

  private Volume(Platform platform, String daemon, Path folder) {
    this.platform = platform;
    this.daemon = daemon;
    this.folder = folder;
    this.ballast = folder.resolve("ballast");
  }

  /**
   * Puts {@code folder} of the platform's data on a volume.
   *
   * @param daemon whose folder it is; it is stopped meanwhile, and must have no instances
   * @param mebibytes of the volume beyond what is in the folder
   */
  public static Volume under(Platform platform, String daemon, String folder, int mebibytes) {
    Volume volume = new Volume(platform, daemon, platform.folder().resolve("data/" + folder));
    platform.stop(daemon);
    try {
      volume.mount(mebibytes);
    } finally {
      platform.start(daemon);
    }
    platform.awaitReady();
    return volume;
  }

  private void mount(int mebibytes) {
    // Prepared elsewhere, with the folder's owner, mode and content, then mounted over it; also in
    // the runtime's own namespace, where nothing of this one's may arrive.
    bash(
        """
        set -eu
        truncate -s "$(($(du -sm "$1" | cut -f 1) + $3))M" "$2.img"
        mkfs.ext4 -q -m 0 -b 4096 "$2.img"
        device=$(losetup -f --show "$2.img")
        trap '[ $? = 0 ] || { umount -q "$2" || true; losetup -d "$device"; rm -rf --one-file-system "$2" "$2.img"; }' EXIT
        mkdir "$2"
        mount "$device" "$2"
        rmdir "$2/lost+found"
        cp -a "$1/." "$2/"
        umount "$2"
        rmdir "$2"
        mount "$device" "$1"
        [ ! -e "$4" ] || nsenter --mount="$4" mountpoint -q "$1" || nsenter --mount="$4" mount "$device" "$1"
        """,
        Integer.toString(mebibytes));
  }

  private void bash(String script, String argument) {
    Command.of(
            List.of(
                "bash",
                "-c",
                script,
                "volume",
                folder.toString(),
                platform.scratch() + "/volume",
                argument,
                platform.folder() + "/run/runtime/namespace/mnt"))
        .succeed();
  }

  /** Writes until nothing more fits. */
  public void fill() {
    Command.of("dd", "if=/dev/zero", "of=" + ballast, "bs=4k").fail();
    if (free() > 0) {
      throw new AssertionError(free() + " bytes are still free in " + folder);
    }
  }

  /** Makes room again. */
  public void empty() {
    try {
      Files.deleteIfExists(ballast);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Bytes that still fit. */
  public long free() {
    try {
      return Files.getFileStore(folder).getUsableSpace();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    empty();
    platform.stop(daemon);
    bash(
        """
        set -eu
        mkdir "$2"
        cp -a "$1/." "$2/"
        device=$(findmnt -no SOURCE "$1")
        if [ -e "$4" ] && nsenter --mount="$4" mountpoint -q "$1"; then nsenter --mount="$4" umount "$1"; fi
        umount "$1"
        losetup -d "$device"
        rm "$2.img"
        find "$1" -mindepth 1 -delete
        cp -a "$2/." "$1/"
        rm -rf "$2"
        """,
        "");
    platform.start(daemon);
    platform.awaitReady();
  }
}
