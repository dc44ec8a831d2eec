package dev.paas.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.acceptance.platform.Command;
import dev.paas.acceptance.platform.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code bin/install} asks a host before anything of a platform runs on it. */
final class HostProbeIT {

  @TempDir private Path folder;

  /** Debian's initramfs mounts /run so: no program and no library can be loaded from there. */
  @Test
  void aHostWhoseRunFolderIsMountedNoexecCanRunAPlatform() throws IOException {
    Path run = Files.createDirectories(folder.resolve("run"));
    Path data = Files.createDirectories(folder.resolve("data"));
    Path settings = folder.resolve("paas.toml");
    // The default network may be that of a platform beside this one.
    Files.writeString(
        settings,
        """
        [platform]
        id = "probe"
        data = "%s"
        run = "%s"
        [runtime]
        network = "10.213.248.0/22"
        """
            .formatted(data, run));
    // The mount ends with the namespace.
    String found =
        Command.of(
                "unshare",
                "--mount",
                "sh",
                "-euc",
                "mount -t tmpfs -o nosuid,nodev,noexec tmpfs \"$1\"; exec \"$2\" --probe",
                "sh",
                run.toString(),
                Platform.repository().resolve("dist/bin/paas-runtimed").toString())
            .with(Map.of("PAAS_CONFIG", settings.toString()))
            .succeed()
            .all();
    assertThat(found)
        .contains("ok       user-namespaces:", "ok       mounts:", "ok       nftables:");
  }
}
