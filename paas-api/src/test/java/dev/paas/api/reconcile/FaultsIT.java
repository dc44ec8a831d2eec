package dev.paas.api.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.base.settings.PlatformSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FaultsIT {

  @TempDir Path folder;

  @Test
  void theFileFiresOnceAtItsPointAndIsGoneBefore() throws IOException {
    Faults faults = new Faults(settings(true), "none");
    Path file = arm("run.started:throw");
    assertThatCode(() -> faults.reach(FaultPoint.RUN_CREATED)).doesNotThrowAnyException();
    assertThat(file).exists();
    assertThatThrownBy(() -> faults.reach(FaultPoint.RUN_STARTED))
        .isInstanceOf(IllegalStateException.class);
    assertThat(file).doesNotExist();
    assertThatCode(() -> faults.reach(FaultPoint.RUN_STARTED)).doesNotThrowAnyException();
  }

  @Test
  void theVariableFiresEachTime() throws IOException {
    Faults faults = new Faults(settings(true), "run.started:throw");
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> faults.reach(FaultPoint.RUN_STARTED))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void nothingHappensUnlessTheSettingIsOn() throws IOException {
    Faults faults = new Faults(settings(false), "run.started:throw");
    Path file = arm("run.started:throw");
    assertThatCode(() -> faults.reach(FaultPoint.RUN_STARTED)).doesNotThrowAnyException();
    assertThat(file).exists();
  }

  private Path arm(String fault) throws IOException {
    Path file = folder.resolve("run/api/fault");
    Files.createDirectories(file.getParent());
    return Files.writeString(file, fault + "\n");
  }

  private PlatformSettings settings(boolean on) throws IOException {
    Path file = folder.resolve("paas.toml");
    Files.writeString(
        file,
        "[platform]\nrun = \"" + folder.resolve("run") + "\"\n[api]\nfault-points = " + on + "\n");
    return PlatformSettings.load(file);
  }
}
