package dev.paas.runtime.container;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.paas.base.settings.PlatformSettings;
import dev.paas.runtime.linux.file.Folders;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Where what belongs to containers lies on this host. All but {@code run} have an entry for each
 * container, named like it.
 *
 * @param run the folder, on tmpfs, of all that a reboot ends; mount points are below it
 * @param bundles what the OCI runtime is told, secrets among it
 * @param etc generated files of {@code /etc}
 * @param exits where monitors write the exit codes of what they watched
 * @param writable what containers change of their root filesystems
 */
public record ContainerFolders(Path run, Path bundles, Path etc, Path exits, Path writable) {

  /** Makes them; those that are there stay as they are. */
  public static ContainerFolders open(PlatformSettings settings) throws IOException {
    // All that images and apps bring and write is below it. Their files have the modes they want,
    // setuid bits and file capabilities among them: nobody but root may come near, also not to what
    // an older version made that let everybody pass.
    Path data = Folders.create(data(settings), "rwx------");
    Path run = Folders.create(run(settings), "rwx--x--x");
    return new ContainerFolders(
        run,
        Folders.create(run.resolve("bundles"), "rwx------"),
        Folders.create(run.resolve("etc"), "rwx--x--x"),
        Folders.create(run.resolve("exits"), "rwx------"),
        Folders.create(data.resolve("instances"), "rwx------"));
  }

  /** What the monitors' sockets are reached by: their paths may have 107 bytes (unix(7)). */
  Path sockets() {
    return run.resolve("s");
  }

  /** The link to a container's bundle by which its monitor's socket is reached. */
  Path socketLink(String container) {
    return sockets().resolve(shortId(container));
  }

  /** 64 bits of the name's hash. */
  static String shortId(String container) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(container.getBytes(UTF_8));
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Where {@link #run} is, or would be. */
  static Path run(PlatformSettings settings) {
    return settings.platform().run().resolve("instances");
  }

  /** The runtime's folder on the disk. */
  static Path data(PlatformSettings settings) {
    return settings.platform().data().resolve("runtime");
  }
}
