package dev.paas.builder.dockerfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.base.problem.PaasException;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.builder.fake.KnownImages;
import dev.paas.builder.fake.Shown;
import dev.paas.builder.fake.TestTree;
import dev.paas.builder.plan.BuildOptions;
import dev.paas.builder.plan.Plan;
import dev.paas.contract.runtime.CacheMount;
import dev.paas.contract.runtime.ExecOp;
import dev.paas.contract.runtime.Node;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunMountsTest {

  private static final BuildOptions OPTIONS =
      BuildOptions.of("stack", PlatformSettings.DEFAULTS.planning());

  private static final BuildOptions WITH_KEY =
      OPTIONS.giving(Map.of(), new TreeSet<>(Set.of("KEY")));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "type=cache,target=/c | /c /c 0:0 0",
        "type=cache,dst=c,id=npm | npm /w/c 0:0 0",
        "type=cache,destination=/c/../d,sharing=locked | /d /d 0:0 0",
        "type=cache,target=/c,uid=1000 | /c /c 1000:0 0",
        "type=cache,target=/c,gid=7,mode=0700 | /c /c 0:7 448",
        "target=/c,type=cache,id=$x | one /c 0:0 0",
        "type=cache,\\\"target=/a,b\\\" | /a,b /a,b 0:0 0",
        "type=CACHE,target=/c,rw | /c /c 0:0 0",
      })
  void caches(String mount, String expected) throws IOException {
    CacheMount cache = exec(plan("RUN --mount=" + mount + " true")).getCaches(0);
    assertThat(
            cache.getId()
                + " "
                + cache.getTarget()
                + " "
                + cache.getOwner()
                + " "
                + cache.getMode())
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "type=tmpfs,target=/t | tmpfs /t:0",
        "type=tmpfs,target=t,size=64m | tmpfs /w/t:67108864",
        "target=/src | bind n5:/bound=/src",
        "type=bind,source=.,target=/src,rw | bind n5:/bound=/src rw",
        "type=bind,source=.,target=/src,ro=false | bind n5:/bound=/src rw",
        "type=bind,source=.,target=/src,rw=false | bind n5:/bound=/src",
        "source=main.c,target=m.c | bind n5:/bound/main.c=/w/m.c",
        "source=sub,target=. | bind n5:/bound=/w",
        "source=/sub/../sub/x,target=/x | bind n5:/bound/x=/x",
        "from=node:22,source=/usr/bin,target=/n,ro | bind n3:/usr/bin=/n",
        "from=first,target=/f | bind n1:/=/f",
        "from=0,source=a,target=/f | bind n1:/a=/f",
      })
  void bindsAndMemory(String mount, String expected) throws IOException {
    Plan plan = plan("RUN --mount=" + mount + " true");
    assertThat(Shown.graph(plan)).contains(" in /w as root " + expected + "\n");
  }

  @Test
  void ofTheRepositoryOnlyWhatIsBoundCounts() throws IOException {
    assertThat(Shown.graph(plan("RUN --mount=source=main.c,target=m.c true")))
        .contains("copy n4 [main.c] -> /bound/");
    assertThat(Shown.graph(plan("RUN --mount=source=sub,target=m true")))
        .contains("copy n4 [sub] -> /bound\n");
  }

  @Test
  void aSecretThatIsNotRequiredIsLeftOutAndSaid() throws IOException {
    Plan plan = plan("RUN --mount=type=secret,id=npmrc,target=/root/.npmrc --mount=type=ssh true");
    assertThat(exec(plan).getMountsCount() + exec(plan).getCachesCount()).isZero();
    assertThat(plan.notes())
        .anyMatch(note -> note.contains("secret npmrc"))
        .anyMatch(note -> note.contains("ssh agent default"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "id=KEY | KEY=/run/secrets/KEY env '' of 0:0 mode 0",
        "id=KEY,required | KEY=/run/secrets/KEY env '' of 0:0 mode 0",
        "id=KEY,target=k,mode=0440,uid=1000,gid=7 | KEY=/w/k env '' of 1000:7 mode 440",
        "target=/root/KEY | KEY=/root/KEY env '' of 0:0 mode 0",
        "src=KEY,dst=/k | KEY=/k env '' of 0:0 mode 0",
        "id=KEY,env=TOKEN | KEY= env 'TOKEN' of 0:0 mode 0",
        "id=KEY,env=TOKEN,target=/k | KEY=/k env 'TOKEN' of 0:0 mode 0",
      })
  void secretsOfTheAppAreMounted(String mount, String expected) throws IOException {
    Plan plan = plan("RUN --mount=type=secret," + mount + " true", WITH_KEY);
    assertThat(Shown.graph(plan)).contains(" in /w as root secret " + expected + "\n");
    assertThat(plan.notes()).isEmpty();
  }

  @Test
  void whatTheOwnerGivesIsTheValueOfAnArgThatIsDeclared() throws IOException {
    BuildOptions options =
        OPTIONS.giving(Map.of("VERSION", "2", "BASE", "node:22", "LOST", "x"), new TreeSet<>());
    Plan plan =
        new Dockerfile()
            .plan(
                TestTree.of(
                    "Dockerfile",
                    """
                    ARG BASE=debian
                    FROM $BASE
                    RUN before
                    ARG VERSION=1
                    RUN after $VERSION
                    CMD ["x"]
                    """),
                KnownImages.usual(),
                options);
    assertThat(exec(plan).getEnvList()).contains("VERSION=2").doesNotContain("LOST=x");
    assertThat(
            plan.draft().getNodesList().stream()
                .filter(Node::hasExec)
                .findFirst()
                .orElseThrow()
                .getExec()
                .getEnvList())
        .doesNotContain("VERSION=2");
    assertThat(plan.config().getEnvList()).doesNotContain("VERSION=2");
    assertThat(plan.notes()).containsExactly("No ARG that is built declares the build var LOST.");
  }

  @Test
  void aStepMayHaveNoNetwork() throws IOException {
    assertThat(exec(plan("RUN --network=none true")).getWithoutNetwork()).isTrue();
    assertThat(exec(plan("RUN --network=default true")).getWithoutNetwork()).isFalse();
  }

  @Test
  void aStageThatOnlyAMountReadsIsBuilt() throws IOException {
    Plan plan =
        new Dockerfile()
            .plan(
                TestTree.of(
                    "Dockerfile",
                    """
                    FROM debian AS tools
                    RUN make-tools
                    FROM debian
                    RUN --mount=type=bind,from=tools,target=/t /t/run
                    CMD x
                    """),
                KnownImages.usual(),
                BuildOptions.of("stack", PlatformSettings.DEFAULTS.planning()));
    assertThat(Shown.graph(plan)).contains("make-tools").contains("bind n2:/=/t");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "type=volume,target=/x | There is no mount of type volume",
        "target=/x,tgt=/y | has no option tgt",
        "target=/x,dst=/y | twice",
        "type=cache | needs a target",
        "type=cache,target=/ | place of the root",
        "type=cache,target=/x,sharing=all | sharing is",
        "type=cache,target=/x,mode=999 | not a number",
        "type=cache,target=/x,uid=-1 | not a number",
        "type=cache,target=/x,mode=70000 | not a mode",
        "type=tmpfs,target=/x,size=lots | not a size",
        "type=tmpfs,target=/x,id=y | has no option id",
        "type=bind,target=/x,ro=perhaps | true or false",
        "type=bind,target=/x,source=none | no none in the commit",
        "type=bind,target=/x,from=9 | no earlier stage",
        "type=secret,id=x,required | requires the secret x",
        "type=secret | needs an id",
        "type=secret,id=x,sharing=locked | has no option sharing",
        "type=ssh,required=true | requires the ssh agent",
      })
  void mistakesSayWhatIsWrong(String mount, String what) {
    assertThatThrownBy(() -> plan("RUN --mount=" + mount + " true"))
        .isInstanceOfSatisfying(
            PaasException.class,
            e -> {
              assertThat(e.problem().what()).startsWith("Dockerfile:5:").contains(what);
              assertThat(e.problem().fix()).isNotEmpty();
            });
  }

  private static ExecOp exec(Plan plan) {
    return plan.draft().getNodesList().stream()
        .filter(Node::hasExec)
        .reduce((first, second) -> second)
        .orElseThrow()
        .getExec();
  }

  private static Plan plan(String line) throws IOException {
    return plan(line, OPTIONS);
  }

  private static Plan plan(String line, BuildOptions options) throws IOException {
    String dockerfile = "FROM debian AS first\nFROM debian\nWORKDIR /w\nENV x=one\n" + line;
    return new Dockerfile()
        .plan(
            new TestTree()
                .file("Dockerfile", dockerfile)
                .file("main.c", "")
                .file("sub/x", "")
                .build(),
            KnownImages.usual(),
            options);
  }
}
