package dev.paas.api.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.base.name.AppName;
import dev.paas.base.name.InstanceName;
import dev.paas.base.name.ProcessType;
import dev.paas.contract.runtime.InstanceId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RuntimeMessagesTest {

  private static final InstanceName WEB =
      new InstanceName(new AppName("shop"), ProcessType.WEB, 3, 2, 1);

  private static final InstanceId WEB_ID =
      InstanceId.newBuilder()
          .setApp("shop")
          .setProcess("web")
          .setRelease(3)
          .setSlot(2)
          .setGeneration(1)
          .build();

  /** Beyond every value of this program's contract. */
  private static final int NEWER = 99;

  @Test
  void namesGoBothWays() {
    assertThat(RuntimeMessages.id(WEB)).isEqualTo(WEB_ID);
    assertThat(RuntimeMessages.name(WEB_ID)).isEqualTo(WEB);
  }

  @Test
  void everythingThatIsToldOfAnInstanceIsKept() {
    var sent =
        dev.paas.contract.runtime.Instance.newBuilder()
            .setId(WEB_ID)
            .setState(dev.paas.contract.runtime.Instance.State.BACKOFF)
            .setPid(4711)
            .setAddress("10.90.0.2")
            .setPort(5000)
            .addListening(3000)
            .addListening(5000)
            .setStartedAtMillis(1_700_000_000_123L)
            .setRestarts(4)
            .setLastExit(
                dev.paas.contract.runtime.Exit.newBuilder()
                    .setReason(dev.paas.contract.runtime.Exit.Reason.OOM_KILLED)
                    .setCode(137)
                    .setDetail("OOM-killed (limit 512 MiB)")
                    .setAtMillis(1_700_000_001_456L))
            .setMemoryBytes(11)
            .setMemoryLimitBytes(12)
            .setCpuNanos(13)
            .setUnreachable("listens on 127.0.0.1:5000")
            .build();

    assertThat(RuntimeMessages.instance(sent))
        .isEqualTo(
            new Instance(
                WEB,
                Instance.State.BACKOFF,
                4711,
                "10.90.0.2",
                5000,
                List.of(3000, 5000),
                Optional.of(Instant.ofEpochMilli(1_700_000_000_123L)),
                4,
                Optional.of(
                    new Exit(
                        Exit.Reason.OOM_KILLED,
                        137,
                        "OOM-killed (limit 512 MiB)",
                        Instant.ofEpochMilli(1_700_000_001_456L))),
                11,
                12,
                13,
                "listens on 127.0.0.1:5000"));
  }

  @Test
  void whatIsNotToldIsUnknown() {
    var sent = dev.paas.contract.runtime.Instance.newBuilder().setId(WEB_ID).build();

    assertThat(RuntimeMessages.instance(sent)).isEqualTo(Instance.unknown(WEB));
    assertThat(RuntimeMessages.exit(dev.paas.contract.runtime.Exit.getDefaultInstance()))
        .isEqualTo(Exit.unknown());
  }

  @Test
  void everyStateOfTheContractHasItsOwnWord() {
    for (Instance.State state : Instance.State.values()) {
      if (state != Instance.State.UNKNOWN) {
        var sent =
            dev.paas.contract.runtime.Instance.newBuilder()
                .setId(WEB_ID)
                .setState(dev.paas.contract.runtime.Instance.State.valueOf(state.name()))
                .build();
        assertThat(RuntimeMessages.instance(sent).state()).isEqualTo(state);
      }
    }
    assertThat(dev.paas.contract.runtime.Instance.State.values())
        .as("those above, the unspecified and the unrecognized one")
        .hasSize(Instance.State.values().length + 1);
  }

  @Test
  void aStateOfANewerRuntimeIsUnknown() {
    var sent =
        dev.paas.contract.runtime.Instance.newBuilder().setId(WEB_ID).setStateValue(NEWER).build();

    assertThat(RuntimeMessages.instance(sent).state()).isEqualTo(Instance.State.UNKNOWN);
  }

  @Test
  void everyReasonOfTheContractHasItsOwnWord() {
    for (Exit.Reason reason : Exit.Reason.values()) {
      var sent =
          dev.paas.contract.runtime.Exit.newBuilder()
              .setReason(dev.paas.contract.runtime.Exit.Reason.valueOf(reason.name()))
              .build();
      assertThat(RuntimeMessages.exit(sent).reason()).isEqualTo(reason);
    }
    assertThat(dev.paas.contract.runtime.Exit.Reason.values())
        .as("those above, the unspecified and the unrecognized one")
        .hasSize(Exit.Reason.values().length + 2);
  }

  @Test
  void aReasonOfANewerRuntimeIsUnknown() {
    var sent = dev.paas.contract.runtime.Exit.newBuilder().setReasonValue(NEWER).setCode(3).build();

    assertThat(RuntimeMessages.exit(sent))
        .isEqualTo(new Exit(Exit.Reason.UNKNOWN, 3, "", Instant.EPOCH));
  }

  @Test
  void everythingThatAnInstanceIsStartedWithIsSent() {
    Map<String, String> env = new LinkedHashMap<>();
    env.put("ZULU", "1");
    env.put("ALPHA", "2");
    InstanceSpec spec = new InstanceSpec(WEB, "sha256:1", List.of("serve", "-v"), env, 5000, true);

    var sent = RuntimeMessages.spec(spec);

    assertThat(sent)
        .isEqualTo(
            dev.paas.contract.runtime.InstanceSpec.newBuilder()
                .setId(WEB_ID)
                .setImage("sha256:1")
                .addArgv("serve")
                .addArgv("-v")
                .putEnv("ZULU", "1")
                .putEnv("ALPHA", "2")
                .setPort(5000)
                .setRestart(true)
                .build());
    assertThat(sent.getEnvMap().keySet()).containsExactly("ZULU", "ALPHA");
  }

  @Test
  void aSpecTellsNoSecrets() {
    InstanceSpec spec =
        new InstanceSpec(
            WEB, "sha256:1", List.of("serve", "s3cret"), Map.of("KEY", "s3cret"), 0, false);

    assertThat(spec.toString()).isEqualTo("InstanceSpec[shop.web.v3.2.g1 of sha256:1]");
  }
}
