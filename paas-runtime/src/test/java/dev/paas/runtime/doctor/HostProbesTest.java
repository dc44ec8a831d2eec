package dev.paas.runtime.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.contract.runtime.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HostProbesTest {

  @Test
  void aKernelBeforeOverlaysOfShiftedIdsIsTooOld() throws IOException {
    assertThat(HostProbes.kernel("5.19.0-13-generic")).contains("5.19.0");
    assertThat(HostProbes.kernel("6.1.0-56-cloud-amd64")).contains("6.1.0");
    for (String old : new String[] {"5.18.19", "5.10.0-28-amd64", "4.19", "2.6.61"}) {
      assertThatThrownBy(() -> HostProbes.kernel(old)).hasMessageContaining(old);
    }
  }

  @Test
  void aKernelThatNamesNoVersionIsAFindingAndNotACrash() {
    Finding finding = new Probe("kernel", () -> HostProbes.kernel("custom"), "Use…").examine();

    assertThat(finding.getLevel()).isEqualTo(Finding.Level.ERROR);
    assertThat(finding.getFix()).isEqualTo("Use…");
  }

  @Test
  void aLibraryThatIsNotThereIsAFinding() {
    Probe probe =
        new Probe(
            "nftables",
            () -> {
              throw new UnsatisfiedLinkError("libnftables.so.1");
            },
            "Install it.");

    assertThat(probe.examine().getFound()).isEqualTo("libnftables.so.1");
  }

  @Test
  void aMissingControllerIsNamed(@TempDir Path mount) throws IOException {
    Files.writeString(mount.resolve("cgroup.controllers"), "cpuset cpu io pids\n");
    assertThatThrownBy(() -> HostProbes.controllers(mount)).hasMessage("cgroup v2 lacks memory");

    Files.writeString(mount.resolve("cgroup.controllers"), "cpuset cpu io memory pids\n");
    assertThat(HostProbes.controllers(mount)).isEqualTo("cgroup v2 with cpu, memory, pids");
  }

  @Test
  void legacyControllersAreFolders(@TempDir Path mount) throws IOException {
    Files.createDirectory(mount.resolve("cpu"));
    Files.createDirectory(mount.resolve("pids"));
    assertThatThrownBy(() -> HostProbes.controllers(mount)).hasMessage("cgroup v1 lacks memory");
  }
}
