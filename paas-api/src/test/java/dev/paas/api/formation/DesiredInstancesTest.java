package dev.paas.api.formation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.api.release.ProcessSpec;
import dev.paas.api.release.Release;
import dev.paas.api.release.ReleaseVersion;
import dev.paas.base.name.AppName;
import dev.paas.base.name.InstanceName;
import dev.paas.base.name.ProcessType;
import dev.paas.builder.procfile.Command;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DesiredInstancesTest {

  private static final ProcessType WORKER = new ProcessType("worker");

  @Test
  void firstReleaseHasOneWebAndNothingElse() {
    assertThat(DesiredInstances.of(release(), new TreeMap<>()).formation())
        .isEqualTo(Map.of(ProcessType.WEB, 1, WORKER, 0));
  }

  @Test
  void laterReleaseKeepsTheFormation() {
    SortedMap<ProcessType, Integer> formation =
        new TreeMap<>(Map.of(ProcessType.WEB, 3, WORKER, 2));

    assertThat(DesiredInstances.of(release(), formation).formation()).isEqualTo(formation);
  }

  @Test
  void processTypeThatIsGoneIsNotKept() {
    SortedMap<ProcessType, Integer> formation = new TreeMap<>(Map.of(new ProcessType("clock"), 2));

    assertThat(DesiredInstances.of(release(), formation).formation())
        .isEqualTo(Map.of(ProcessType.WEB, 1, WORKER, 0));
  }

  @Test
  void scaledTargetKeepsTheInstancesItHas() {
    DesiredInstances two = target().scaled(new TreeMap<>(Map.of(ProcessType.WEB, 2)));
    DesiredInstances four = two.scaled(new TreeMap<>(Map.of(ProcessType.WEB, 4)));

    assertThat(four.instances()).containsAll(two.instances()).hasSize(4);
  }

  @Test
  void unknownProcessTypeIsNotScaled() {
    assertThat(target().scaled(new TreeMap<>(Map.of(new ProcessType("clock"), 2))))
        .isEqualTo(target());
  }

  @Test
  void replacedProcessTypeSharesNoInstance() {
    DesiredInstances all = target().scaled(new TreeMap<>(Map.of(ProcessType.WEB, 1, WORKER, 1)));
    DesiredInstances replaced = all.replaced(ProcessType.WEB, 7);

    assertThat(replaced.instances())
        .extracting(InstanceName::toString)
        .containsExactly("shop.web.v1.1.g7", "shop.worker.v1.1.g0");
  }

  @Test
  void sharesAreReadAsTheyWereWritten() {
    DesiredInstances target = target().replaced(null, 3);
    assertThat(ProcessScaleText.read(ProcessScaleText.write(target.scales())))
        .isEqualTo(target.scales());
  }

  @Test
  void formationRemembersTheHighestGeneration() {
    Formation formation = Formation.none(new AppName("shop")).with(target().replaced(null, 5));

    assertThat(formation.with(target()).generation()).isEqualTo(5);
    assertThat(formation.target()).hasValue(target().replaced(null, 5));
  }

  @Test
  void whatIsAskedForBeforeTheFirstReleaseIsRemembered() {
    SortedMap<ProcessType, Integer> wanted = new TreeMap<>(Map.of(WORKER, 2));
    Formation formation = Formation.none(new AppName("shop")).with(wanted);

    assertThat(formation.quantities()).isEqualTo(wanted);
    assertThat(formation.target()).isEmpty();
  }

  private static DesiredInstances target() {
    return DesiredInstances.of(release(), new TreeMap<>());
  }

  private static Release release() {
    return new Release(
        new AppName("shop"),
        new ReleaseVersion(1),
        "sha256:1",
        0,
        ProcessSpec.table(
            new TreeMap<>(
                Map.of(ProcessType.WEB, Command.shell("serve"), WORKER, Command.shell("work")))),
        5000,
        "1".repeat(40),
        "admin",
        "Deploy 1111111",
        Instant.EPOCH);
  }
}
