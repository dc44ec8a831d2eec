package dev.paas.builder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.base.name.ProcessType;
import dev.paas.base.problem.PaasException;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.builder.fake.KnownImages;
import dev.paas.builder.fake.Shown;
import dev.paas.builder.fake.TestTree;
import dev.paas.builder.plan.BuildOptions;
import dev.paas.builder.plan.Plan;
import dev.paas.builder.procfile.Command;
import dev.paas.builder.source.SourceTree;
import dev.paas.contract.runtime.ExecMount;
import dev.paas.contract.runtime.ExecOp;
import dev.paas.contract.runtime.Node;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrontEndsTest {

  private static final String EXPRESS =
      "{\"dependencies\":{\"express\":\"4\"},\"scripts\":{\"start\":\"node server.js\"}}";

  @Test
  void aNodeAppInstallsBeforeItsFilesAreCopied() throws IOException {
    Plan plan = plan("package.json", EXPRESS, "package-lock.json", "{}", "server.js", "");
    assertThat(Shown.graph(plan))
        .isEqualTo(
            """
            n1 image sha256:stack
            n2 n1: mkdir /app owner app
            n3 tree
            n4 n2: copy n3 [package.json, package-lock.json] -> /app/ owner app
            n5 n4: exec [npm, ci, --omit=dev] in /app as app cache npm=/home/app/.npm
            n6 n5: copy n3 [.] -> /app/ owner app
            => n6
            """);
    assertThat(plan.config().getCmdList()).containsExactly("node", "server.js");
    assertThat(plan.config().getUser()).isEqualTo("app");
    assertThat(plan.config().getWorkingDir()).isEqualTo("/app");
    assertThat(plan.config().getEnvList())
        .containsExactly(
            "PATH=/app/node_modules/.bin:/usr/bin:/bin",
            "NODE_VERSION=22.23.3",
            "NODE_ENV=production");
    assertThat(plan.notes()).isEmpty();
    assertThat(web(plan)).isEqualTo(new Command("node server.js", List.of()));
  }

  @Test
  void aBuildScriptHasDevelopmentDependenciesThatThenGo() throws IOException {
    Plan plan =
        plan(
            "package.json",
            "{\"devDependencies\":{\"x\":\"1\"},\"scripts\":{\"build\":\"b\",\"start\":\"a && b\"}}");
    assertThat(Shown.graph(plan))
        .isEqualTo(
            """
            n1 image sha256:stack
            n2 n1: mkdir /app owner app
            n3 tree
            n4 n2: copy n3 [package.json] -> /app/ owner app
            n5 n4: exec [npm, install, --include=dev] in /app as app cache npm=/home/app/.npm
            n6 n5: copy n3 [.] -> /app/ owner app
            n7 n6: exec [npm, run, build] in /app as app cache node_modules-cache=/app/node_modules/.cache
            n8 n7: exec [npm, prune, --omit=dev, --ignore-scripts] in /app as app cache npm=/home/app/.npm
            => n8
            """);
    assertThat(plan.config().getCmdList()).containsExactly("npm", "start");
    assertThat(plan.notes()).anyMatch(note -> note.contains("package-lock.json"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{\"scripts\":{\"postinstall\":\"x\",\"start\":\"node a\"}}",
        "{\"dependencies\":{\"a\":\"file:./a\"},\"main\":\"a.js\"}",
      })
  void anInstallationThatReadsTheAppGetsAllOfIt(String json) throws IOException {
    assertThat(Shown.graph(plan("package.json", json)))
        .contains("n4 n2: copy n3 [.] -> /app/", "n5 n4: exec [npm, install, --omit=dev]")
        .endsWith("=> n5\n");
  }

  @Test
  void anAppWithoutDependenciesIsOnlyCopied() throws IOException {
    Plan plan = plan("package.json", "{\"main\":\"lib/a.js\"}", "lib/a.js", "");
    assertThat(Shown.graph(plan)).doesNotContain("exec").endsWith("=> n4\n");
    assertThat(plan.config().getCmdList()).containsExactly("node", "lib/a.js");
  }

  @ParameterizedTest
  @CsvSource({"index.js", "server.js", "app.js"})
  void theUsualEntryFilesAreFound(String file) throws IOException {
    assertThat(plan("package.json", "{}", file, "").config().getCmdList())
        .containsExactly("node", file);
  }

  @Test
  void committedModulesAreLeftOut() throws IOException {
    Plan plan = plan("package.json", EXPRESS, "node_modules/x/index.js", "", "a.js", "");
    assertThat(plan.notes()).anyMatch(note -> note.startsWith("node_modules is in the repository"));
    SourceTree tree = Objects.requireNonNull(plan.trees().get("n3"));
    assertThat(tree.hasDirectory("node_modules")).isFalse();
    assertThat(tree.find("a.js")).isPresent();
  }

  @Test
  void badJsonNamesLineAndColumn() {
    assertThatThrownBy(() -> plan("package.json", "{\n  \"main\": \"a\",\n}"))
        .isInstanceOfSatisfying(
            PaasException.class,
            e -> {
              assertThat(e.problem().code()).isEqualTo("node.bad-package-json");
              assertThat(e.problem().what()).startsWith("package.json:3:1");
            });
    assertThatThrownBy(() -> plan("package.json", "[]"))
        .hasMessageContaining("node.bad-package-json");
  }

  @Test
  void buildVariablesReachInstallAndBuildSteps() throws IOException {
    Plan plan =
        FrontEnds.plan(
            TestTree.of("package.json", EXPRESS),
            KnownImages.usual(),
            BuildOptions.of("stack", PlatformSettings.DEFAULTS.planning())
                .giving(Map.of("TOKEN", "t"), new TreeSet<>(Set.of("KEY"))));
    ExecOp exec =
        plan.draft().getNodesList().stream()
            .filter(Node::hasExec)
            .findFirst()
            .orElseThrow()
            .getExec();
    assertThat(exec.getEnvList()).contains("TOKEN=t", "NODE_ENV=production");
    assertThat(exec.getMountsList())
        .as("a file that the step's user may read")
        .containsExactly(
            ExecMount.newBuilder()
                .setTarget("/run/secrets/KEY")
                .setSecret(ExecMount.Secret.newBuilder().setId("KEY"))
                .build());
    assertThat(plan.config().getEnvList()).doesNotContain("TOKEN=t");
  }

  @Test
  void aStaticSiteIsFilesBehindNginx() throws IOException {
    Plan plan = plan("index.html", "hi", ".env", "secret", "Procfile", "", "img/a.png", "");
    assertThat(Shown.graph(plan))
        .isEqualTo(
            """
            n1 image sha256:stack
            n2 tree
            n3 n1: copy n2 [.] -> /opt/paas/static/
            n4 tree
            n5 n3: copy n4 [.] -> /app/
            => n5
            """);
    assertThat(paths(plan, "n4")).containsExactly("img/a.png", "index.html");
    assertThat(paths(plan, "n2")).containsExactly("nginx.conf", "start");
    assertThat(plan.config().getCmdList()).containsExactly("/bin/sh", "/opt/paas/static/start");
    assertThat(nginx(plan)).contains("=404;").doesNotContain("error_page");
  }

  @Test
  void staticfileOptionsChooseRootAndFallback() throws IOException {
    Plan plan =
        plan(
            "Staticfile",
            "# options\nroot: ./dist/\nindex_fallback: true\n",
            "dist/index.html",
            "",
            "dist/.well-known/x",
            "",
            "dist/404.html",
            "",
            "src/a.js",
            "");
    assertThat(Shown.graph(plan)).contains("copy n4 [dist] -> /app/");
    assertThat(paths(plan, "n4"))
        .containsExactly("dist/.well-known/x", "dist/404.html", "dist/index.html");
    assertThat(nginx(plan)).contains("try_files $uri $uri/ /index.html;", "error_page 404");
    assertThat(Shown.graph(plan("public/index.html", ""))).contains("[public]");
  }

  @ParameterizedTest
  @CsvSource({
    "rooot: x, Did you mean root?",
    "root: ../x, folder of the repository",
    "root: /etc, folder of the repository",
    "index_fallback: perhaps, index_fallback: true",
    "root: none, name another folder",
  })
  void badStaticfilesAreExplained(String line, String fix) {
    assertThatThrownBy(() -> plan("Staticfile", line, "index.html", ""))
        .isInstanceOfSatisfying(
            PaasException.class,
            e -> {
              assertThat(e.problem().code()).startsWith("staticfile.");
              assertThat(e.problem().fix()).contains(fix);
            });
  }

  @Test
  void aProcfileAddsProcessTypes() throws IOException {
    Plan plan =
        plan("Dockerfile", "FROM debian", "Procfile", "web: run\nworker: work\nrelease: migrate");
    assertThat(plan.processes().commands().keySet())
        .extracting(ProcessType::value)
        .containsExactly("release", "web", "worker");
    assertThat(plan.notes()).anyMatch(note -> note.contains("release command"));
  }

  @Test
  void somethingMustSayWhatToStart() {
    assertThatThrownBy(() -> plan("Dockerfile", "FROM scratch\nUSER 1"))
        .hasMessageContaining("build.no-process");
    assertThatThrownBy(() -> plan("package.json", "{}")).hasMessageContaining("build.no-process");
  }

  @Test
  void filesThatAreNoTextAreRefused() {
    SourceTree linked = new TestTree().link("Dockerfile", "/etc/passwd").build();
    assertThatThrownBy(
            () ->
                FrontEnds.plan(
                    linked,
                    KnownImages.usual(),
                    BuildOptions.of("stack", PlatformSettings.DEFAULTS.planning())))
        .hasMessageContaining("build.unreadable-file");
    SourceTree binary = new TestTree().file("Procfile", new byte[] {(byte) 0xff, 0}).build();
    assertThatThrownBy(
            () ->
                FrontEnds.plan(
                    binary,
                    KnownImages.usual(),
                    BuildOptions.of("stack", PlatformSettings.DEFAULTS.planning())))
        .hasMessageContaining("build.unreadable-file");
  }

  private static Command web(Plan plan) {
    return Objects.requireNonNull(plan.processes().commands().get(ProcessType.WEB));
  }

  private static List<String> paths(Plan plan, String node) throws IOException {
    List<String> paths = new java.util.ArrayList<>();
    Objects.requireNonNull(plan.trees().get(node)).forEach(entry -> paths.add(entry.path()));
    return paths;
  }

  private static String nginx(Plan plan) throws IOException {
    SourceTree tree = Objects.requireNonNull(plan.trees().get("n2"));
    try (InputStream in = tree.find("nginx.conf").orElseThrow().content().open()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static Plan plan(String... pathsAndTexts) throws IOException {
    return FrontEnds.plan(
        TestTree.of(pathsAndTexts),
        KnownImages.usual(),
        BuildOptions.of("stack", PlatformSettings.DEFAULTS.planning()));
  }
}
