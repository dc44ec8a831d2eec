package dev.paas.builder.buildpack.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.base.problem.PaasException;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.builder.FrontEnds;
import dev.paas.builder.fake.KnownImages;
import dev.paas.builder.fake.Shown;
import dev.paas.builder.fake.TestTree;
import dev.paas.builder.plan.BuildOptions;
import dev.paas.builder.plan.Plan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManagerTest {

  private static final String BERRY = "# generated\n\n__metadata:\n  version: %s\n";
  private static final String APP = "\"dependencies\":{\"a\":\"1\"},\"main\":\"a.js\"";

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      nullValues = "-",
      value = {
        "-                 ; -                                   ; npm install --omit=dev",
        "-                 ; package-lock.json={}                ; npm ci --omit=dev",
        "-                 ; npm-shrinkwrap.json={}              ; npm ci --omit=dev",
        "npm@10.2.0        ; package-lock.json={}                ; npm@10.2.0 npm ci --omit=dev",
        "-                 ; yarn.lock=# yarn lockfile v1        ; yarn@1 yarn install --non-interactive",
        "yarn@1.22.19      ; -                                   ; yarn@1.22.19 yarn install",
        "-                 ; yarn.lock=berry 8                   ; @yarnpkg/cli-dist@4.12 yarn install --immutable",
        "-                 ; yarn.lock=berry 6                   ; @yarnpkg/cli-dist@3 yarn install --immutable",
        "-                 ; yarn.lock=berry 4                   ; @yarnpkg/cli-dist@2 yarn install --immutable",
        "-                 ; yarn.lock=berry 10                  ; @yarnpkg/cli-dist@4 yarn install --immutable",
        "yarn@4.5.0+sha1.a ; yarn.lock=berry 8                   ; @yarnpkg/cli-dist@4.5.0 yarn install --immutable",
        "-                 ; pnpm-lock.yaml=lockfileVersion: '9.0' ; pnpm@9 pnpm install --frozen-lockfile --prod",
        "-                 ; pnpm-lock.yaml=lockfileVersion: '6.0' ; pnpm@8 pnpm install --frozen-lockfile --prod",
        "-                 ; pnpm-lock.yaml=lockfileVersion: 5.4   ; pnpm@7 pnpm install --frozen-lockfile --prod",
        "pnpm@10.1.0       ; pnpm-lock.yaml=lockfileVersion: '9.0' ; pnpm@10.1.0 pnpm install --frozen-lockfile --prod",
        "-                 ; bun.lock={}                         ; bun@1 bun install --frozen-lockfile --production",
        "-                 ; bun.lockb=x                         ; bun@1 bun install --frozen-lockfile --production",
        "pnpm@9.1.0        ; -                                   ; pnpm@9.1.0 pnpm install --no-frozen-lockfile --prod",
      })
  void theManagerIsTheOneThatTheAppNamesElseTheOneOfItsLockFile(
      String asked, String lock, String steps) throws IOException {
    String manifest =
        "{" + APP + (asked == null ? "" : ",\"packageManager\":\"" + asked + "\"") + "}";
    List<String> files = new ArrayList<>(List.of("package.json", manifest, "a.js", ""));
    if (lock != null) {
      files.addAll(List.of(lock.split("=", 2)));
    }
    int last = files.size() - 1;
    if (files.get(last).startsWith("berry ")) {
      files.set(last, BERRY.formatted(files.get(last).substring(6)));
    }
    assertThat(commands(plan(files.toArray(String[]::new)))).startsWith(steps);
  }

  @Test
  void withoutLockAndNameTheEnginesDecide() throws IOException {
    assertThat(commands(plan("package.json", "{" + APP + ",\"engines\":{\"pnpm\":\"^9.1\"}}")))
        .startsWith("pnpm@^9.1 pnpm install");
    assertThat(commands(plan("package.json", "{" + APP + ",\"engines\":{\"pnpm\":\">=8\"}}")))
        .startsWith("pnpm@10 pnpm install");
    assertThat(commands(plan("package.json", "{" + APP + ",\"engines\":{\"yarn\":\">=1\"}}")))
        .startsWith("yarn@1 yarn install");
  }

  @Test
  void lockFilesOfTwoManagersAreAProblemThatNamesBoth() throws IOException {
    String[] files = {"package.json", "{" + APP + "}", "package-lock.json", "{}", "yarn.lock", ""};
    assertThatThrownBy(() -> plan(files))
        .isInstanceOfSatisfying(
            PaasException.class,
            e -> {
              assertThat(e.problem().code()).isEqualTo("node.two-lock-files");
              assertThat(e.problem().value()).isEqualTo("package-lock.json, yarn.lock");
            });
    files[1] = "{" + APP + ",\"packageManager\":\"yarn@1.22.22\"}";
    Plan decided = plan(files);
    assertThat(commands(decided)).startsWith("yarn@1.22.22 yarn install");
    assertThat(decided.notes()).anyMatch(note -> note.startsWith("package-lock.json is not used"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"pnpm", "pnpm@", "pnpm@latest", "cargo@1.0.0", "@x/y@1", "yarn@berry"})
  void aManagerThatIsNotKnownOrHasNoVersionIsRefused(String asked) {
    assertThatThrownBy(() -> plan("package.json", "{\"packageManager\":\"" + asked + "\"}"))
        .isInstanceOfSatisfying(
            PaasException.class,
            e -> {
              assertThat(e.problem().code()).isEqualTo("node.bad-package-manager");
              assertThat(e.problem().value()).isEqualTo(asked);
            });
  }

  @Test
  void theWholeGraphOfAnAppWithPnpm() throws IOException {
    Plan plan =
        plan(
            "package.json",
            "{\"dependencies\":{\"a\":\"1\"},\"devDependencies\":{\"b\":\"1\"},\"packageManager\":"
                + "\"pnpm@9.15.0\",\"scripts\":{\"build\":\"b\",\"start\":\"node a.js\"}}",
            "pnpm-lock.yaml",
            "",
            "patches/x.patch",
            "");
    assertThat(
            Shown.graph(plan).replaceAll("\\[/bin/sh, -c, [^|]*\\|\\| [^}]*}, [^.]*[^,]*, ", "["))
        .isEqualTo(
            """
            n1 image sha256:stack
            n2 tree
            n3 n1: copy n2 [.] -> /opt/paas/build/
            n4 n3: exec [npm, install, --global, --prefix=/usr/local, --no-audit, --no-fund, --loglevel=error, pnpm@9.15.0] in / as root cache npm-programs=/root/.npm
            n5 n4: mkdir /app owner app
            n6 tree
            n7 n5: copy n6 [package.json, pnpm-lock.yaml, patches] -> /app/ owner app with parents
            n8 n7: exec [/bin/sh, /opt/paas/build/locked, pnpm-lock.yaml, pnpm, pnpm, install, --frozen-lockfile, --prod=false] in /app as app cache pnpm=/home/app/.pnpm-cache
            n9 n8: copy n6 [.] -> /app/ owner app
            n10 n9: exec [pnpm, run, build] in /app as app cache node_modules-cache=/app/node_modules/.cache
            n11 n10: exec [pnpm, install, --frozen-lockfile, --prod, --ignore-scripts, --prefer-offline] in /app as app cache pnpm=/home/app/.pnpm-cache
            => n11
            """);
    assertThat(plan.config().getCmdList()).containsExactly("node", "a.js");
  }

  @Test
  void packagesOfTheRepositoryAreInstalledFromTheirManifests() throws IOException {
    String root = "{\"workspaces\":[\"web\"],\"main\":\"web/a.js\"}";
    assertThat(Shown.graph(plan("package.json", root, "web/package.json", "{}", "web/a.js", "")))
        .contains("[package.json, **/package.json] -> /app/ owner app with parents");
    for (String reads :
        List.of(
            "{\"scripts\":{\"postinstall\":\"x\"}}",
            "{\"bin\":\"x.js\"}",
            "{\"dependencies\":{\"a\":\"file:../a\"}}",
            "not JSON")) {
      assertThat(Shown.graph(plan("package.json", root, "web/package.json", reads)))
          .as(reads)
          .contains("n4 n2: copy n3 [.] -> /app/ owner app\n");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "package-lock.json; {}; ; true",
        "yarn.lock; # yarn lockfile v1; ; true",
        "pnpm-lock.yaml; lockfileVersion: '9.0'; ; true",
        "pnpm-lock.yaml; lockfileVersion: '9.0'; ,\"workspaces\":[\"a\"]; false",
        "bun.lock; {}; ; true",
        "bun.lock; {}; ,\"scripts\":{\"prepare\":\"x\",\"build\":\"b\"}; false",
      })
  void nothingIsPrunedWhereThatWouldInstallAnewWithoutScripts(
      String lock, String text, @Nullable String more, boolean pruned) throws IOException {
    String json =
        "{\"scripts\":{\"build\":\"b\"},\"main\":\"a.js\",\"devDependencies\":{\"b\":\"1\"}"
            + (more == null ? "" : more)
            + "}";
    String commands = commands(plan("package.json", json, lock, text));
    String last = commands.substring(commands.indexOf(" run build") + 10);
    assertThat(!last.isEmpty()).isEqualTo(pruned);
  }

  @Test
  void plugNPlayStartsThroughYarn() throws IOException {
    String lock = BERRY.formatted("8");
    assertThat(plan("package.json", "{" + APP + "}", "yarn.lock", lock).config().getCmdList())
        .containsExactly("yarn", "node", "a.js");
    assertThat(
            plan(
                    "package.json",
                    "{" + APP + "}",
                    "yarn.lock",
                    lock,
                    ".yarnrc.yml",
                    "nodeLinker: node-modules\n")
                .config()
                .getCmdList())
        .containsExactly("node", "a.js");
  }

  /** What the steps run, without the words around it. */
  private static String commands(Plan plan) {
    return Shown.graph(plan)
        .lines()
        .filter(line -> line.contains(" exec ["))
        .map(line -> line.substring(line.indexOf('[') + 1, line.indexOf(']')))
        .map(
            line ->
                line.replaceFirst("/bin/sh, /opt/paas/build/locked, [^,]*, [^,]*, ", "")
                    .replace(",", ""))
        .map(line -> line.replaceFirst("npm install --global.*=error ", "").strip())
        .reduce("", (a, b) -> a.isEmpty() ? b : a + " " + b)
        .toLowerCase(Locale.ROOT);
  }

  private static Plan plan(String... pathsAndTexts) throws IOException {
    return FrontEnds.plan(
        TestTree.of(pathsAndTexts),
        KnownImages.usual(),
        BuildOptions.of("stack", PlatformSettings.DEFAULTS.planning()));
  }
}
