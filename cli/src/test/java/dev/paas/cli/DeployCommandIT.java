package dev.paas.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.cli.http.Cancellation;
import dev.paas.cli.http.Endpoint;
import dev.paas.cli.terminal.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeployCommandIT {

  private static final String DEPLOYED = "{\"app\":\"shop\",\"commit\":\"abc\",\"problem\":null}";

  @TempDir Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private String input = "";
  private ScriptedApi api;

  @BeforeEach
  void start() throws IOException {
    api = new ScriptedApi();
    answer("/v1/apps/shop/deploy", "{\"line\":\"-----> Detected\"}", DEPLOYED);
    answer("/v1/apps/shop/deploy?rebuild=true", DEPLOYED);
    Files.writeString(folder.resolve("index.html"), "hello");
    Files.writeString(folder.resolve(".gitignore"), "*.log\n");
    Files.writeString(folder.resolve("a.log"), "noise");
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void aFolderIsSentWithoutWhatGitIgnores() {
    assertThat(run(true, "deploy", folder.toString(), "-a", "shop")).isZero();
    assertThat(api.asked.get(0).body())
        .contains("index.html", "hello", ".gitignore")
        .doesNotContain("noise");
    assertThat(text(out)).isEqualTo("-----> Detected\n");
  }

  @Test
  void whatWasDeployedLastIsBuiltAgain() {
    answer("/v1/apps/shop/redeploy", "{\"line\":\"-----> Building\"}", DEPLOYED);
    assertThat(run(false, "redeploy", "-a", "shop")).isZero();
    assertThat(text(out)).isEqualTo("-----> Building\n");
  }

  @Test
  void anImageThatIsMissingIsPulledAndDeployed() {
    api.on("GET /v1/apps/shop", 200, "{\"name\":\"shop\"}");
    api.on(
        "POST /v1/images/pull",
        200,
        """
        {"progress":"Pulling","doneBytes":1,"totalBytes":2}
        {"image":{"digest":"sha256:1","names":["ann/debian:12"]}}
        """);
    String done = "{\"id\":\"7\",\"state\":\"done\",\"release\":\"v3\",\"problem\":null}";
    String missing = ScriptedApi.problem("image.not-found", "There is no such image", "debian:12");
    api.on(
        "POST /v1/apps/shop/deploy/image",
        (exchange, body) ->
            ScriptedApi.answer(
                exchange,
                body.contains("ann/") ? 202 : 404,
                body.contains("ann/") ? done : missing));
    assertThat(run(false, "deploy", "--image", "debian:12", "-a", "shop")).isZero();
    assertThat(api.asked.stream().map(ScriptedApi.Asked::line))
        .containsExactly(
            "POST /v1/apps/shop/deploy/image",
            "GET /v1/apps/shop",
            "POST /v1/images/pull",
            "POST /v1/apps/shop/deploy/image");
    assertThat(api.asked.get(3).body()).isEqualTo("{\"ref\":\"ann/debian:12\"}");
    assertThat(text(out)).isEqualTo("Deployed debian:12; v3 serves.\n");
    assertThat(run(false, "deploy", "--image", "debian:12", "--rebuild", "-a", "shop"))
        .isEqualTo(2);
    assertThat(run(false, "deploy", "--no-wait", "-a", "shop")).isEqualTo(2);
  }

  @Test
  void anArchiveIsSentAsItIs() throws IOException {
    Path tar = folder.resolve("app.tar");
    Files.writeString(tar, "the bytes");
    assertThat(run(true, "deploy", tar.toString(), "-a", "shop", "--rebuild", "--json")).isZero();
    assertThat(api.asked.get(0).body()).isEqualTo("the bytes");
    assertThat(text(out)).isEqualTo(DEPLOYED + "\n");
  }

  @Test
  void overSshStandardInputIsAllThereIs() {
    input = "streamed";
    assertThat(run(false, "deploy", "-a", "shop")).isZero();
    assertThat(api.asked.get(0).body()).isEqualTo("streamed");
    assertThat(run(false, "deploy", folder.toString(), "-a", "shop")).isEqualTo(2);
    assertThat(text(err)).contains("There are no files of yours here");
    assertThat(run(true, "deploy", "/nowhere/at/all", "-a", "shop")).isEqualTo(2);
  }

  @Test
  void whatIsDeclinedSaysWhyAndFails() {
    answer(
        "/v1/apps/shop/deploy",
        "{\"line\":\" !     It broke\"}",
        "{\"app\":\"shop\",\"commit\":\"abc\",\"problem\":{\"code\":\"build.step-failed\","
            + "\"what\":\"It broke\",\"value\":\"2\",\"fix\":\"Correct it.\"}}");
    assertThat(run(true, "deploy", folder.toString(), "-a", "shop")).isEqualTo(1);
    assertThat(text(err)).contains("It broke: 2", "Correct it.");
  }

  @Test
  void anAnswerThatBreaksOffIsNoSuccess() {
    answer("/v1/apps/shop/deploy", "{\"line\":\"-----> Detected\"}");
    assertThat(run(true, "deploy", folder.toString(), "-a", "shop")).isEqualTo(5);
    assertThat(text(err)).contains("paas builds");
  }

  private void answer(String path, String... lines) {
    api.on("POST " + path, (exchange, body) -> ScriptedApi.stream(exchange, List.of(lines)));
  }

  private int run(boolean local, String... args) {
    Terminal terminal =
        new Terminal(
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            PaasCommand.utf8(out),
            PaasCommand.utf8(err),
            false,
            false,
            false);
    return new PaasCommand(terminal, local, Optional.empty(), Optional::empty, new Cancellation())
        .run(List.of(args), new Endpoint(api.url(), "paas_test"));
  }

  private static String text(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }
}
