package dev.paas.builder.buildpack.go;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.base.name.ProcessType;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.builder.FrontEnds;
import dev.paas.builder.fake.KnownImages;
import dev.paas.builder.fake.Shown;
import dev.paas.builder.fake.TestTree;
import dev.paas.builder.plan.BuildOptions;
import dev.paas.builder.plan.Plan;
import dev.paas.contract.runtime.ExecOp;
import dev.paas.contract.runtime.Node;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoBuildpackTest {

  private static final BuildOptions OPTIONS = BuildOptions.of(PlatformSettings.DEFAULTS);
  private static final String MAIN = "package main\n";
  private static final String MODULE = "module example.com/shop\n\ngo 1.22\n";

  @Test
  void theProgramOfAModuleRunsWithoutItsSources() throws IOException {
    Plan plan = plan("go.mod", MODULE, "main.go", MAIN, "web/a.html", "", "vendor/x/x.go", "");
    assertThat(Shown.graph(plan))
        .isEqualTo(
            """
            n1 image sha256:paas/go-build:latest
            n2 n1: mkdir /app owner app
            n3 tree
            n4 n2: copy n3 [.] -> /app/ owner app
            n5 n4: exec [go, build, -trimpath, -ldflags=-s -w, -o, /app/bin/shop, .] in /app as app cache go-build=/home/app/.cache cache go=/home/app/go
            n6 image sha256:paas/go:latest
            n7 n6: mkdir /app owner app
            n8 tree
            n9 n7: copy n8 [.] -> /app/ owner app
            n10 n9: copy n5 [/app/bin] -> /app/bin/ owner app
            => n10
            """);
    assertThat(web(plan)).isEqualTo("bin/shop");
    assertThat(plan.config().getEnvList()).containsExactly("PATH=/app/bin:/usr/bin:/bin");
    assertThat(execs(plan).get(0).getEnvList())
        .contains("CGO_ENABLED=0", "GOPROXY=https://proxy.golang.org,direct", "GOTOOLCHAIN=auto");
    assertThat(Objects.requireNonNull(plan.trees().get("n8")).find("web/a.html")).isPresent();
    assertThat(Objects.requireNonNull(plan.trees().get("n8")).find("main.go")).isEmpty();
    assertThat(plan.notes()).contains("Go 1.26.8: 1.22 or newer is asked.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cmd/api/main.go                         | bin/api    | ./cmd/api",
        "cmd/main.go                             | bin/cmd    | ./cmd",
        "main.go cmd/tool/main.go                | bin/shop   | .",
        "main_test.go cmd/api/x.go               | bin/api    | ./cmd/api",
        "cmd/web/main.go cmd/worker/main.go      | bin/web    | ./cmd/web ./cmd/worker",
        "cmd/api/main.go internal/x/main.go      | bin/api    | ./cmd/api",
      })
  void theUsualPlacesOfProgramsAreFound(String files, String start, String built)
      throws IOException {
    TestTree tree = new TestTree().file("go.mod", MODULE);
    for (String file : files.split(" ")) {
      tree.file(file, MAIN);
    }
    Plan plan = FrontEnds.plan(tree.build(), KnownImages.usual(), OPTIONS);
    assertThat(web(plan)).isEqualTo(start);
    assertThat(execs(plan))
        .extracting(exec -> exec.getArgv(exec.getArgvCount() - 1))
        .containsExactly(built.split(" "));
  }

  @Test
  void aProgramIsNeeded() {
    assertThatThrownBy(() -> plan("go.mod", MODULE, "a.go", "package a\n"))
        .hasMessageContaining("go.no-main");
    assertThatThrownBy(() -> plan("go.mod", MODULE, "cmd/a/a.go", MAIN, "cmd/b/b.go", MAIN))
        .hasMessageContaining("build.no-process");
  }

  @Test
  void severalProgramsAreBuiltForTheProcfile() throws IOException {
    Plan plan =
        plan("go.mod", MODULE, "cmd/a/a.go", MAIN, "cmd/b/b.go", MAIN, "Procfile", "web: bin/b");
    assertThat(execs(plan)).hasSize(2);
    assertThat(web(plan)).isEqualTo("bin/b");
  }

  @Test
  void modulesOfAWorkspaceAreLookedThrough() throws IOException {
    Plan plan =
        plan("go.work", "go 1.22\nuse (\n\t./api // here\n\t./lib\n)\n", "api/main.go", MAIN);
    assertThat(execs(plan).get(0).getArgvList()).endsWith("/app/bin/api", "./api");
    assertThatThrownBy(() -> plan("go.work", "use ../x\n")).hasMessageContaining("go.bad-path");
    assertThatThrownBy(() -> plan("go.work", "use -x\n")).hasMessageContaining("go.bad-path");
  }

  @Test
  void aCommentNamesWhatIsInstalled() throws IOException {
    Plan plan = plan("go.mod", MODULE + "// +heroku install ./tools/x\n", "tools/x/x.go", MAIN);
    assertThat(web(plan)).isEqualTo("bin/x");
  }

  @Test
  void appsThatCallCAreLinkedToIt() throws IOException {
    Plan own = plan("go.mod", MODULE, "main.go", MAIN, "x/x.go", "package x\n\nimport \"C\"\n");
    Plan module =
        plan("go.mod", MODULE + "require github.com/mattn/go-sqlite3 v1.14.0\n", "main.go", MAIN);
    for (Plan plan : List.of(own, module)) {
      assertThat(execs(plan).get(0).getEnvList()).contains("CGO_ENABLED=1");
      assertThat(plan.notes()).contains("cgo is on: the app calls C.");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "go 1.27               | Go 1.27, which the app asks for, is fetched: the stack has 1.26.8.",
        "toolchain go1.26.9    | Go 1.26.9, which the app asks for, is fetched: the stack has 1.26.8.",
        "toolchain default     | Go 1.26.8: 1.22 or newer is asked.",
        "toolchain go1.23.4    | Go 1.26.8: 1.23.4 or newer is asked.",
      })
  void theHigherVersionIsAskedFor(String line, String note) throws IOException {
    assertThat(plan("go.mod", MODULE + line + "\n", "main.go", MAIN).notes()).contains(note);
  }

  @ParameterizedTest
  @CsvSource({
    "example.com/shop/v2, shop",
    "shop, shop",
    "v2, v2",
    "example.com/a b, a",
    "example.com/$x, app",
  })
  void aBinaryHasTheModulesName(String module, String name) {
    assertThat(GoFile.parse("go.mod", "module " + module).binary()).isEqualTo(name);
  }

  private static List<ExecOp> execs(Plan plan) {
    return plan.draft().getNodesList().stream().filter(Node::hasExec).map(Node::getExec).toList();
  }

  private static String web(Plan plan) {
    return Objects.requireNonNull(plan.processes().commands().get(ProcessType.WEB)).shown();
  }

  private static Plan plan(String... pathsAndTexts) throws IOException {
    return FrontEnds.plan(TestTree.of(pathsAndTexts), KnownImages.usual(), OPTIONS);
  }
}
