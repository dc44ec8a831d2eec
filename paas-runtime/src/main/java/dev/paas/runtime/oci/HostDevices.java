package dev.paas.runtime.oci;

import dev.paas.runtime.linux.mount.Mounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The devices of the host that containers see. crun gives the files that a container begins with to
 * the container's user; the host's {@code /dev/null} was among them before the runtime's wrapper
 * saw to it, and whoever owns a device may close it to everybody else on the host.
 */
public final class HostDevices {

  private static final Logger LOG = LoggerFactory.getLogger(HostDevices.class);

  private static final List<Path> FOR_ALL =
      List.of(Path.of("/dev/null"), Path.of("/dev/zero"), Path.of("/dev/full"));

  private static final Set<PosixFilePermission> EVERYBODY =
      PosixFilePermissions.fromString("rw-rw-rw-");

  private HostDevices() {}

  /** Gives root back what an earlier version gave away, open to everybody as it was. */
  public static void giveBack() throws IOException {
    for (Path device : FOR_ALL) {
      boolean given = !Integer.valueOf(0).equals(Files.getAttribute(device, "unix:uid"));
      if (given || !Files.getPosixFilePermissions(device).containsAll(EVERYBODY)) {
        Mounts.own(device, 0, 0);
        Files.setPosixFilePermissions(device, EVERYBODY);
        LOG.atWarn()
            .addKeyValue("device", device)
            .log("a device of the host was an app's; it is root's again");
      }
    }
  }
}
