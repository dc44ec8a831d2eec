package dev.paas.builder.buildpack.node;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LaunchTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      nullValues = "-",
      value = {
        // dependencies, start, build; the folders that are served
        "vite                       ; -                        ; vite build     ; dist, build, out",
        "vite                       ; vite                     ; vite build     ; dist, build, out",
        "vite                       ; vite preview --port 1    ; tsc && vite build ; dist, build, out",
        "vite                       ; npm run dev              ; vite build     ; dist, build, out",
        "vite                       ; A=1 npx vite --host      ; vite build     ; dist, build, out",
        "react-scripts              ; react-scripts start      ; react-scripts build ; build",
        "@angular/core              ; ng serve                 ; ng build       ; dist/*/browser, dist/browser, dist/*, dist",
        "@vue/cli-service           ; vue-cli-service serve    ; vue-cli-service build ; dist",
        "astro                      ; astro dev                ; astro build    ; dist",
        "gatsby                     ; gatsby develop           ; gatsby build   ; public",
        "@sveltejs/kit @sveltejs/adapter-static vite ; -       ; vite build     ; build",
        "nuxt                       ; -                        ; nuxt generate  ; .output/public, dist",
      })
  void whatTheBuildMakesForBrowsersIsServed(
      String dependencies, String start, String build, String folders) throws IOException {
    Plan plan = plan(dependencies, start, build);
    assertThat(Shown.graph(plan)).contains("/opt/paas/build/site.js, .paas-site, " + folders + "]");
    assertThat(plan.config().getCmdList()).containsExactly("/bin/sh", "/opt/paas/static/start");
    assertThat(plan.config().getStopSignal()).isEqualTo("SIGQUIT");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      nullValues = "-",
      value = {
        "vite express             ; node server.js    ; vite build  ; node server.js",
        "vite serve               ; serve -s dist     ; vite build  ; npm start",
        "vite                     ; vite              ; -           ; npm start",
        "next                     ; next start        ; next build  ; npm start",
        "next                     ; -                 ; next build  ; next start",
        "next                     ; next dev          ; next build  ; next start",
        "nuxt vite                ; -                 ; nuxt build  ; node .output/server/index.mjs",
        "@sveltejs/kit @sveltejs/adapter-node vite ; vite dev ; vite build ; node build",
        "astro @astrojs/node      ; astro dev         ; astro build ; node dist/server/entry.mjs",
        "@remix-run/dev @remix-run/serve vite ; -     ; remix build ; remix-serve build/server/index.js",
      })
  void aServerIsStarted(String dependencies, String start, String build, String command)
      throws IOException {
    Plan plan = plan(dependencies, start, build);
    assertThat(String.join(" ", plan.config().getCmdList())).isEqualTo(command);
    assertThat(Shown.graph(plan)).doesNotContain("site.js");
  }

  @Test
  void aProcfileThatServesWinsOverTheSite() throws IOException {
    Plan plan = plan("vite", "vite", "vite build", "Procfile", "web: npx serve dist");
    assertThat(Shown.graph(plan)).doesNotContain("site.js");
    assertThat(plan.processes().commands().values())
        .extracting(command -> command.shown())
        .containsExactly("npx serve dist");
  }

  @Test
  void nextIsASiteWhenItsSettingsExport() throws IOException {
    String[] settings = {"next.config.mjs", "export default { output: 'export' }"};
    assertThat(Shown.graph(plan("next", "next dev", "next build", settings)))
        .contains("/opt/paas/build/site.js, .paas-site, out]");
  }

  @Test
  void aServerInTheRepositoryWinsOverTheSite() throws IOException {
    Plan plan = plan("vite express", null, "vite build", "server.js", "");
    assertThat(plan.config().getCmdList()).containsExactly("node", "server.js");
  }

  @Test
  void whatTheStartNeedsOfTheDevelopmentDependenciesStaysAndIsNamed() throws IOException {
    for (String start :
        List.of("nodemon a.js", "npx nodemon a.js", "X=1 nodemon a", "node -r nodemon/x a.js")) {
      Plan plan =
          whole(
              "{\"devDependencies\":{\"nodemon\":\"3\"},\"scripts\":{\"start\":\""
                  + start
                  + "\"}}");
      assertThat(plan.notes()).as(start).anyMatch(note -> note.contains("needs nodemon,"));
      assertThat(Shown.graph(plan)).contains("--include=dev").doesNotContain("prune");
    }
    Plan better =
        whole(
            "{\"devDependencies\":{\"ts-node\":\"3\"},\"scripts\":{\"start\":\"ts-node a.ts\","
                + "\"build\":\"tsc\",\"start:prod\":\"node dist/a.js\"}}");
    assertThat(better.config().getCmdList()).containsExactly("node", "dist/a.js");
    assertThat(Shown.graph(better)).contains("[npm, prune, --omit=dev");
  }

  @Test
  void scriptsThatCallOneAnotherForEverEnd() throws IOException {
    Plan plan =
        whole("{\"scripts\":{\"start\":\"npm run a\",\"a\":\"npm run b\",\"b\":\"npm run a\"}}");
    assertThat(plan.config().getCmdList()).containsExactly("npm", "start");

    String many = "npm run a & npm run b & ".repeat(10_000) + "tool";
    String scripts = "\"start\":\"%1$s\",\"a\":\"%1$s\",\"b\":\"%1$s\"".formatted(many);
    Plan found = whole("{\"devDependencies\":{\"tool\":\"1\"},\"scripts\":{" + scripts + "}}");
    assertThat(found.notes()).anyMatch(note -> note.contains("needs tool,"));
  }

  @Test
  void anotherVersionOfNodeIsInstalledWhenTheStacksDoesNotFit() throws IOException {
    assertThat(Shown.graph(whole("{\"main\":\"a\",\"engines\":{\"node\":\">=18\"}}")))
        .doesNotContain("/opt/paas/build/node");
    Plan older = whole("{\"main\":\"a\",\"engines\":{\"node\":\"20.x\"}}");
    assertThat(Shown.graph(older))
        .contains("exec [/bin/sh, /opt/paas/build/node, 20.x, package.json] in / as root");
    assertThat(older.config().getEnvList())
        .contains("PATH=/app/node_modules/.bin:/opt/paas/node/bin:/usr/bin:/bin");
    assertThat(Shown.graph(whole("{\"main\":\"a\"}", ".nvmrc", "lts/iron\n")))
        .contains("/opt/paas/build/node, 20, .nvmrc]");
    assertThat(Shown.graph(whole("{\"main\":\"a\"}", ".node-version", "v22.23.3\n")))
        .doesNotContain("/opt/paas/build/node");
  }

  private static Plan plan(
      String dependencies, @Nullable String start, @Nullable String build, String... files)
      throws IOException {
    List<String> entries = new ArrayList<>();
    for (String name : dependencies.split(" ")) {
      entries.add("\"" + name + "\":\"1\"");
    }
    String scripts = "\"dev\":\"vite\"";
    scripts += start == null ? "" : ",\"start\":\"" + start + "\"";
    scripts += build == null ? "" : ",\"build\":\"" + build + "\"";
    return whole(
        "{\"dependencies\":{" + String.join(",", entries) + "},\"scripts\":{" + scripts + "}}",
        files);
  }

  private static Plan whole(String manifest, String... files) throws IOException {
    List<String> all = new ArrayList<>(List.of("package.json", manifest));
    all.addAll(List.of(files));
    return FrontEnds.plan(
        TestTree.of(all.toArray(String[]::new)),
        KnownImages.usual(),
        BuildOptions.of("stack", PlatformSettings.DEFAULTS.planning()));
  }
}
