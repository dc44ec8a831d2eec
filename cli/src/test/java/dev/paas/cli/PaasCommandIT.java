package dev.paas.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.cli.http.Cancellation;
import dev.paas.cli.http.Endpoint;
import dev.paas.cli.terminal.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PaasCommandIT {

  private static final String RUNNING =
      "{\"id\":\"7\",\"state\":\"%s\",\"release\":\"v3\",\"waitingFor\":%s,\"problem\":null,"
          + "\"instances\":{\"wanted\":4,\"serving\":%d}}";

  @TempDir Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private ScriptedApi api;
  private String input = "";
  private boolean interactive;
  private final Cancellation cancellation = new Cancellation();

  @BeforeEach
  void start() throws Exception {
    api = new ScriptedApi();
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void appsAreATableOrTheAnswerAsItIs() {
    api.on(
        "GET /v1/apps",
        200,
        "[{\"name\":\"shop\",\"url\":\"http://shop.localhost\",\"release\":\"v3\",\"formation\":{\"web\":2,\"worker\":1}}]");
    assertThat(run("apps")).isZero();
    assertThat(text(out))
        .isEqualTo(
            "NAME  RELEASE  PROCESSES       URL\nshop  v3       web=2 worker=1  http://shop.localhost\n");
    assertThat(api.asked.get(0).authorization()).isEqualTo("Bearer paas_test");
    out.reset();
    assertThat(run("apps", "--json")).isZero();
    assertThat(text(out)).startsWith("[{\"name\":\"shop\",");
  }

  @Test
  void ownVersionNeedsNoPlatform() {
    assertThat(run("--version")).isZero();
    assertThat(text(out)).startsWith("paas ").hasLineCount(1);
    assertThat(api.asked).isEmpty();
  }

  @Test
  void scaleWaitsUntilTheChangeServesAndSaysWhatItWaitsFor() {
    interactive = true;
    api.on("POST /v1/apps/shop/scale", 202, RUNNING.formatted("starting", "null", 1));
    AtomicInteger asked = new AtomicInteger();
    api.on(
        "GET /v1/apps/shop/deployments/7?wait=30",
        (exchange, body) ->
            ScriptedApi.answer(
                exchange,
                200,
                asked.incrementAndGet() == 1
                    ? RUNNING.formatted("checking", "\"web.2 to listen on 5000\"", 3)
                    : RUNNING.formatted("done", "null", 4)));
    assertThat(run("ps:scale", "web=4", "-a", "shop")).isZero();
    assertThat(api.asked.get(0).body()).isEqualTo("{\"processes\":{\"web\":4}}");
    assertThat(api.asked.get(0).idempotencyKey()).startsWith("cli-");
    assertThat(text(out)).isEqualTo("Scaled to web=4.\n");
    assertThat(text(err).lines())
        .containsExactly(
            "       starting instances (1 of 4 serving)",
            "       waiting for web.2 to listen on 5000 (3 of 4 serving)");
  }

  @Test
  void waitingIsQuietWhenPiped() {
    api.on("POST /v1/apps/shop/restart", 202, RUNNING.formatted("starting", "null", 1));
    api.on("GET /v1/apps/shop/deployments/7?wait=30", 200, RUNNING.formatted("done", "null", 4));
    assertThat(run("restart", "-a", "shop")).isZero();
    assertThat(text(err)).isEmpty();
  }

  @Test
  void whatServesIsReportedWhileOldRequestsFinish() {
    String draining = RUNNING.formatted("draining", "\"requests on web.1 to finish\"", 1);
    api.on("POST /v1/apps/shop/restart", 202, RUNNING.formatted("starting", "null", 0));
    api.on("GET /v1/apps/shop/deployments/7?wait=30", 200, draining);
    api.on(
        "GET /v1/apps/shop/deployments/7?wait=2",
        (exchange, body) -> {
          held(2_050);
          ScriptedApi.answer(exchange, 200, draining);
        });
    assertThat(run("restart", "-a", "shop")).isZero();
    assertThat(text(out)).contains("Restarted", "Still waiting for requests on web.1 to finish.");
    assertThat(api.asked).hasSize(3);
  }

  @Test
  void noWaitReturnsAtOnce() {
    api.on("POST /v1/apps/shop/rollback", 202, RUNNING.formatted("starting", "null", 1));
    assertThat(run("rollback", "3", "--no-wait", "-a", "shop")).isZero();
    assertThat(api.asked.get(0).body()).isEqualTo("{\"to\":\"v3\"}");
    assertThat(text(out)).contains("Follow it with: paas ps");
  }

  @Test
  void aFailedDeploymentFailsWithItsProblem() {
    api.on(
        "PATCH /v1/apps/shop/config",
        200,
        "{\"version\":2,\"vars\":{},\"deployment\":"
            + RUNNING.formatted("starting", "null", 0)
            + "}");
    api.on(
        "GET /v1/apps/shop/deployments/7?wait=30",
        200,
        "{\"id\":\"7\",\"state\":\"failed\",\"problem\":{\"code\":\"deploy.not-listening\",\"what\":\"web.1 listens on another port\",\"value\":\"3000\",\"fix\":\"Listen on $PORT.\"}}");
    assertThat(run("config", "A=b", "-a", "shop")).isEqualTo(1);
    assertThat(api.asked.get(0).body()).isEqualTo("{\"set\":{\"A\":\"b\"}}");
    assertThat(text(err))
        .isEqualTo("error: web.1 listens on another port: 3000\nfix: Listen on $PORT.\n");
  }

  @Test
  void configWithoutAReleaseIsStored() {
    input = "line1\nline2\n";
    api.on("PATCH /v1/apps/shop/config", 200, "{\"version\":1,\"vars\":{},\"deployment\":null}");
    assertThat(run("config:set", "KEY", "-a", "shop")).isZero();
    assertThat(api.asked.get(0).body()).isEqualTo("{\"set\":{\"KEY\":\"line1\\nline2\"}}");
    assertThat(text(out)).contains("first deploy");
  }

  @Test
  void varsOfBuildsAreSetShownAndUnsetApart() {
    api.on("PATCH /v1/apps/shop/build/vars", 200, "{\"version\":1,\"vars\":{},\"secrets\":[]}");
    assertThat(run("config:set", "--build", "VERSION=22", "-a", "shop")).isZero();
    assertThat(text(out)).contains("may end up in the image");
    input = "hush\n";
    assertThat(run("config:set", "--secret", "KEY", "-a", "shop")).isZero();
    assertThat(text(out)).contains("RUN --mount=type=secret").doesNotContain("hush");
    assertThat(run("config:unset", "--secret", "KEY", "-a", "shop")).isZero();
    assertThat(run("config:set", "--secret", "--build", "A=1", "-a", "shop")).isEqualTo(2);
    assertThat(api.asked.stream().map(asked -> asked.body()))
        .containsExactly(
            "{\"vars\":{\"VERSION\":\"22\"}}",
            "{\"secrets\":{\"KEY\":\"hush\"}}",
            "{\"unset\":[\"KEY\"]}");
    out.reset();
    api.on("GET /v1/apps/shop/config", 200, "{\"version\":1,\"vars\":{\"A\":\"1\"}}");
    assertThat(run("config", "-a", "shop")).as("a server that has none").isZero();
    assertThat(text(out)).isEqualTo("A=1\n");
    api.on(
        "GET /v1/apps/shop/build/vars",
        200,
        "{\"version\":1,\"vars\":{\"VERSION\":\"22\"},\"secrets\":[\"KEY\"]}");
    out.reset();
    assertThat(run("config", "-a", "shop")).isZero();
    assertThat(text(out)).isEqualTo("A=1\nbuild VERSION=22\nsecret KEY\n");
    out.reset();
    assertThat(run("config", "--json", "-a", "shop")).isZero();
    assertThat(text(out))
        .isEqualTo(
            "{\"version\":1,\"vars\":{\"A\":\"1\"},"
                + "\"build\":{\"VERSION\":\"22\"},\"secrets\":[\"KEY\"]}\n");
  }

  @Test
  void configThatStaysAsItWasIsNoChange() {
    api.on(
        "PATCH /v1/apps/shop/config",
        200,
        "{\"version\":1,\"changed\":false,\"vars\":{},\"deployment\":null}");
    assertThat(run("config:unset", "KEY", "-a", "shop")).isZero();
    assertThat(text(out)).isEqualTo("Nothing changed.\n");
  }

  @Test
  void imagesAreListedByTheNamesThatPeopleWrite() {
    api.on(
        "GET /v1/images",
        200,
        """
        [{"digest":"sha256:0123456789abcdef","names":["docker.io/apps/shop:build-12"],"bytes":1,
          "layers":1,"createdAt":"2026-01-01T00:00:00Z"},
         {"digest":"sha256:123456789abcdef0","names":["docker.io/library/debian:bookworm-slim"],
          "bytes":1,"layers":1,"createdAt":"2026-01-01T00:00:00Z"},
         {"digest":"sha256:23456789abcdef01","names":["127.0.0.1:5000/library/x:1"],
          "bytes":1,"layers":1,"createdAt":"2026-01-01T00:00:00Z"}]""");
    assertThat(run("image", "ls")).isZero();
    assertThat(text(out))
        .contains("\napps/shop:build-12 ", "\ndebian:bookworm-slim ", "\n127.0.0.1:5000/library/x");
  }

  @Test
  void configIsShownGotAndQuotedForShells() {
    api.on(
        "GET /v1/apps/shop/config", 200, "{\"version\":1,\"vars\":{\"A\":\"it's\",\"B\":\"2\"}}");
    assertThat(run("config", "-a", "shop")).isZero();
    assertThat(run("config:get", "B", "-a", "shop")).isZero();
    assertThat(run("config", "--shell", "-a", "shop")).isZero();
    assertThat(text(out)).isEqualTo("A=it's\nB=2\n2\nA='it'\\''s'\nB='2'\n");
    assertThat(run("config:get", "C", "-a", "shop")).isEqualTo(3);
  }

  @Test
  void problemsOfTheApiBecomeErrorFixAndAnExitCode() {
    assertThat(run("ps", "-a", "shpo")).isEqualTo(3);
    assertThat(text(err))
        .isEqualTo("error: There is no such thing: GET /v1/apps/shpo/ps\nfix: Correct it.\n");
    api.on("GET /v1/apps", 401, ScriptedApi.problem("access.no-token", "No token", ""));
    assertThat(run("apps")).isEqualTo(4);
    assertThat(text(err)).contains("No token");
    assertThat(local("apps")).isEqualTo(4);
    assertThat(text(err)).contains("Your token is not valid", "paas login URL");
    assertThat(local("login", "example.org")).isEqualTo(2);
    assertThat(text(err)).contains("must begin with http:// or https://: example.org");
    api.on("GET /v1/apps", 503, ScriptedApi.problem("runtime.unavailable", "Away", ""));
    assertThat(run("apps")).isEqualTo(5);
    api.on("GET /v1/apps", 200, "<html>");
    assertThat(run("apps")).isEqualTo(1);
  }

  @Test
  void logsAreLinesWithTheirInstance() {
    api.on(
        "GET /v1/apps/shop/logs?tail=2&process=web&slot=1&follow=true",
        (exchange, body) ->
            ScriptedApi.stream(
                exchange,
                List.of(
                    "{\"at\":\"2026-11-24T05:51:26.123Z\",\"instance\":\"web.1\",\"text\":\"hello\"}")));
    assertThat(run("logs", "-t", "-n", "2", "-p", "web.1", "-a", "shop")).isZero();
    assertThat(text(out)).isEqualTo("2026-11-24T05:51:26.123Z app[web.1]: hello\n");
  }

  @Test
  void logsAreChosenByTimeAndText() {
    api.on(
        "GET /v1/apps/shop/logs?tail=100&since=10m&grep=time%20out&follow=true",
        (exchange, body) ->
            ScriptedApi.stream(
                exchange,
                List.of(
                    "{\"at\":\"2026-11-24T05:51:26.1Z\",\"instance\":\"web.1\",\"stream\":\"platform\",\"text\":\"exited with 7\"}",
                    "{\"at\":\"2026-11-24T05:51:27Z\",\"instance\":\"api\",\"stream\":\"platform\",\"text\":\"v3 serves\"}")));
    assertThat(run("logs", "--follow", "--since", "10m", "--grep", "time out", "-a", "shop"))
        .isZero();
    assertThat(text(out))
        .isEqualTo(
            """
            2026-11-24T05:51:26.1Z paas[web.1]: exited with 7
            2026-11-24T05:51:27Z paas[api]: v3 serves
            """);
  }

  @Test
  void aRollbackNamesTheReleaseAndTheVars() {
    String back =
        "{\"rollback\":{\"to\":\"v3\",\"description\":\"Deploy 1a2b3c4\",\"vars\":[\"A\",\"B\"]},\"id\"";
    api.on(
        "POST /v1/apps/shop/rollback",
        202,
        RUNNING.formatted("starting", "null", 1).replace("{\"id\"", back));
    api.on("GET /v1/apps/shop/deployments/7?wait=30", 200, RUNNING.formatted("done", "null", 4));
    assertThat(run("rollback", "-a", "shop")).isZero();
    assertThat(text(out))
        .isEqualTo(
            "Rolled back to v3 (Deploy 1a2b3c4); v3 serves. Config vars that changed: A, B.\n");
    assertThat(run("rollback", "--keep-config", "-a", "shop")).isZero();
    assertThat(api.asked.get(2).body()).isEqualTo("{\"keepConfig\":true}");
  }

  @Test
  void releasesSayWhatBecameOfThem() {
    String release =
        "{\"version\":\"%s\",\"state\":\"%s\",\"kept\":%s,\"description\":\"d\",\"user\":\"u\"}";
    api.on(
        "GET /v1/apps/shop/releases",
        200,
        "["
            + release.formatted("v4", "failed", false)
            + ","
            + release.formatted("v3", "current", true)
            + ","
            + release.formatted("v2", "superseded", true)
            + ","
            + release.formatted("v1", "superseded", false)
            + "]");
    assertThat(run("releases", "-a", "shop")).isZero();
    assertThat(text(out).lines().map(line -> line.replaceAll(" {2,}", "|")))
        .containsExactly(
            "VERSION|STATUS|DESCRIPTION|USER|CREATED",
            "v4|failed|d|u|-",
            "v3|current|d|u|-",
            "v2|superseded|d|u|-",
            "v1|image gone|d|u|-");
  }

  @Test
  void aNewInstanceCountIsWhatTheServerMadeOfTheChange() {
    api.on(
        "POST /v1/apps/shop/scale",
        202,
        RUNNING
            .formatted("starting", "null", 1)
            .replace("{\"id\"", "{\"processes\":{\"web\":4},\"id\""));
    api.on("GET /v1/apps/shop/deployments/7?wait=30", 200, RUNNING.formatted("done", "null", 4));
    assertThat(run("scale", "web+1", "my-worker-2", "a=1", "-a", "shop")).isZero();
    assertThat(api.asked.get(0).body())
        .contains("\"changes\":{\"web\":1,\"my-worker\":-2}", "\"processes\":{\"a\":1}");
    assertThat(text(out)).isEqualTo("Scaled to web=4.\n");
  }

  @Test
  void aVarWithoutAValueIsAskedForOrRefused() {
    api.on("PATCH /v1/apps/shop/config", 200, "{\"version\":1,\"vars\":{},\"deployment\":null}");
    assertThat(run("config:set", "KEY", "-a", "shop")).isEqualTo(2);
    assertThat(text(err))
        .isEqualTo("error: No value for KEY was given\nfix: To set it to nothing, write KEY=.\n");
    assertThat(api.asked).isEmpty();
    assertThat(run("config:set", "KEY=", "-a", "shop")).isZero();
    interactive = true;
    input = "secret\n";
    assertThat(run("config:set", "KEY", "-a", "shop")).isZero();
    assertThat(text(err)).isEqualTo("Value of KEY (not shown): ");
    assertThat(api.asked.get(1).body()).isEqualTo("{\"set\":{\"KEY\":\"secret\"}}");
  }

  @Test
  void openPrintsTheAddressWhereNoBrowserIs() {
    api.on("GET /v1/apps/shop", 200, "{\"name\":\"shop\",\"url\":\"http://shop.localhost\"}");
    assertThat(local("open", "-a", "shop")).isZero();
    assertThat(text(out)).isEqualTo("http://shop.localhost\n");
  }

  @Test
  void whoamiIsTheUsersName() {
    api.on("GET /v1/whoami", 200, "{\"user\":\"ada\",\"admin\":true}");
    assertThat(run("whoami")).isZero();
    assertThat(text(out)).isEqualTo("ada\n");
  }

  @Test
  void followingEndsWhenTheCallerIsGone() {
    CountDownLatch over = new CountDownLatch(1);
    api.on(
        "GET /v1/apps/shop/logs?tail=100&follow=true",
        (exchange, body) -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().flush();
          cancellation.cancel();
          await(over);
        });
    assertThat(run("logs", "-t", "-a", "shop")).isEqualTo(5);
    over.countDown();
  }

  @Test
  void destroyNeedsTheName() {
    api.on("GET /v1/apps/shop", 200, "{\"name\":\"shop\"}");
    api.on("DELETE /v1/apps/shop", 204, "");
    assertThat(run("destroy", "-a", "shop")).isEqualTo(2);
    interactive = true;
    input = "shpo\n";
    assertThat(run("destroy", "-a", "shop")).isEqualTo(2);
    assertThat(api.asked).noneMatch(asked -> asked.line().startsWith("DELETE"));
    input = "shop\n";
    assertThat(run("destroy", "shop")).isZero();
    assertThat(text(out)).isEqualTo("Destroyed shop.\n");
    assertThat(run("apps", "destroy", "shop", "--confirm", "shop")).isZero();
  }

  @Test
  void imagesArePulledAndImported() throws Exception {
    api.on(
        "POST /v1/images/pull",
        (exchange, body) ->
            ScriptedApi.stream(
                exchange,
                List.of("{\"progress\":\"layer 1\"}", "{\"image\":{\"digest\":\"sha256:1\"}}")));
    assertThat(run("image", "pull", "debian")).isZero();
    assertThat(text(out)).isEqualTo("Pulled debian as sha256:1.\n");
    Path tar = Files.writeString(folder.resolve("root.tar"), "tar");
    api.on("POST /v1/images/import?name=a%3Ab&env=X%3D1", 201, "{\"digest\":\"sha256:2\"}");
    assertThat(local("image", "import", tar.toString(), "--name", "a:b", "-e", "X=1")).isZero();
    assertThat(api.asked.get(1).body()).isEqualTo("tar");
    api.on(
        "POST /v1/images/pull",
        (exchange, body) ->
            ScriptedApi.stream(
                exchange,
                List.of("{\"problem\":{\"code\":\"image.x\",\"what\":\"No\",\"fix\":\"Do\"}}")));
    assertThat(run("image", "pull", "debian")).isEqualTo(1);
  }

  @Test
  void imagesArePushed() {
    api.on(
        "POST /v1/images/push",
        200,
        String.join(
            "\n",
            List.of(
                "{\"progress\":\"layer 1 of 1\",\"doneBytes\":5,\"totalBytes\":9}",
                "{\"pushed\":{\"name\":\"ghcr.io/a/b:1\",\"digest\":\"sha256:1\"}}")));
    assertThat(run("image", "push", "b:1", "ghcr.io/a/b:1")).isZero();
    assertThat(api.asked.get(0).body()).isEqualTo("{\"ref\":\"b:1\",\"target\":\"ghcr.io/a/b:1\"}");
    assertThat(text(err)).isEqualTo("       layer 1 of 1\n");
    assertThat(text(out)).isEqualTo("Pushed ghcr.io/a/b:1 as sha256:1.\n");
    api.on("POST /v1/images/push", 200, "{\"progress\":\"layer 1 of 1\"}");
    assertThat(run("image", "push", "ghcr.io/a/b:1")).isNotZero();
    assertThat(text(err)).contains("The push ended before its end");
  }

  @Test
  void loginsToRegistriesAreKeptListedAndForgotten() {
    String login =
        "{\"host\":\"ghcr.io\",\"username\":\"ann\",\"createdAt\":\"2026-11-30T10:00:00.5Z\"}";
    api.on("POST /v1/registries", 201, login);
    input = "the-secret\n";
    assertThat(run("registry:login", "ghcr.io", "-u", "ann")).isZero();
    assertThat(api.asked.get(0).body())
        .isEqualTo("{\"host\":\"ghcr.io\",\"username\":\"ann\",\"password\":\"the-secret\"}");
    assertThat(text(out)).isEqualTo("Logged in to ghcr.io as ann.\n");
    assertThat(text(err)).isEmpty();
    out.reset();
    api.on("GET /v1/registries", 200, "[" + login + "]");
    assertThat(run("registry:list")).isZero();
    assertThat(text(out)).isEqualTo("HOST     USER  SINCE\nghcr.io  ann   2026-11-30T10:00:00Z\n");
    out.reset();
    api.on("DELETE /v1/registries?host=ghcr.io", 204, "");
    assertThat(run("registry:logout", "ghcr.io")).isZero();
    assertThat(text(out)).isEqualTo("Logged out of ghcr.io.\n");
  }

  @Test
  void imagesAreSavedAndLoaded() throws Exception {
    String archive = "tar" + "\0".repeat(1024);
    api.on("GET /v1/images/archive?ref=debian&format=oci", 200, archive);
    Path saved = folder.resolve("debian.tar");
    assertThat(local("image", "save", "debian", "--format", "oci", "-o", saved.toString()))
        .isZero();
    assertThat(saved).hasContent(archive);
    assertThat(run("image", "save", "debian", "--format", "oci")).isZero();
    assertThat(text(out)).isEqualTo(archive);
    out.reset();
    api.on(
        "POST /v1/images/archive?name=x%3A1",
        201, "[{\"digest\":\"sha256:1\",\"names\":[\"ann/x:1\"]}]");
    assertThat(local("image", "load", "-i", saved.toString(), "--name", "x:1")).isZero();
    assertThat(api.asked.get(2).body()).isEqualTo(archive);
    assertThat(text(out)).isEqualTo("Loaded ann/x:1 as sha256:1.\n");
  }

  @Test
  void anArchiveThatIsCutOffIsNoFile() {
    api.on("GET /v1/images/archive?ref=debian&format=docker", 200, "half of a tar");
    Path saved = folder.resolve("debian.tar");
    assertThat(local("image", "save", "debian", "-o", saved.toString())).isNotZero();
    assertThat(text(err)).contains("ended before its end");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void imagesAreTaggedInspectedAndShownWithTheirHistory() {
    api.on("POST /v1/images/tag", 200, "{\"digest\":\"sha256:1\"}");
    assertThat(run("image", "tag", "debian", "ann/base")).isZero();
    assertThat(api.asked.get(0).body()).isEqualTo("{\"ref\":\"debian\",\"name\":\"ann/base\"}");
    api.on(
        "GET /v1/images/details?ref=debian",
        200,
        """
        {"digest":"sha256:1","names":["debian:12"],"bytes":2097152,"configDigest":"sha256:2","os":"linux",
         "architecture":"amd64","created":"","config":{"cmd":["bash"],"env":["A=1"],"user":""},
         "layers":[{"diffId":"sha256:3","packedBytes":1048576,"bytes":2097152}],
         "history":[{"created":"2026-01-01T00:00:00Z","createdBy":"ADD rootfs","emptyLayer":false},
                    {"created":"2026-01-02T00:00:00Z","createdBy":"CMD bash","emptyLayer":true}]}""");
    assertThat(run("image", "inspect", "debian")).isZero();
    assertThat(text(out))
        .contains("Config:       sha256:2\n", "Command:      bash\n", "sha256:3  1M      2M\n")
        .doesNotContain("User:");
    out.reset();
    assertThat(run("image", "history", "debian")).isZero();
    assertThat(text(out).lines().skip(1))
        .containsExactly(
            "2026-01-02T00:00:00Z  0B    CMD bash", "2026-01-01T00:00:00Z  2M    ADD rootfs");
  }

  @Test
  void aRefusalBeforeTheUploadIsReadIsHeard() throws Exception {
    Path tar = Files.write(folder.resolve("root.tar"), new byte[8 << 20]);
    try (ServerSocket rude = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread server =
          new Thread(
              () -> {
                try (Socket socket = rude.accept()) {
                  socket.getInputStream().read();
                  String problem = ScriptedApi.problem("api.too-large", "Too large", "");
                  socket
                      .getOutputStream()
                      .write(
                          ("HTTP/1.1 413 No\r\nContent-Length: "
                                  + problem.length()
                                  + "\r\n\r\n"
                                  + problem)
                              .getBytes(StandardCharsets.UTF_8));
                  socket.shutdownOutput();
                  socket.getInputStream().transferTo(OutputStream.nullOutputStream());
                } catch (IOException clientLeft) {
                  // That is all right.
                }
              });
      server.start();
      Endpoint endpoint = new Endpoint("http://127.0.0.1:" + rude.getLocalPort(), null);
      assertThat(
              command(true)
                  .run(List.of("image", "import", tar.toString(), "--name", "a"), endpoint))
          .isEqualTo(1);
      assertThat(text(err)).startsWith("error: Too large");
      server.join();
    }
  }

  @Test
  void aWriteCutOffByARestartIsRepeatedWithTheSameKey() throws Exception {
    AtomicInteger tries = new AtomicInteger();
    api.on(
        "POST /v1/apps",
        (exchange, body) -> {
          if (tries.incrementAndGet() == 1) {
            return; // closes without an answer
          }
          ScriptedApi.answer(exchange, 201, "{\"name\":\"shop\",\"url\":\"u\",\"gitUrl\":\"g\"}");
        });
    assertThat(run("create", "shop")).isZero();
    assertThat(api.asked.get(0).idempotencyKey()).isEqualTo(api.asked.get(1).idempotencyKey());
  }

  @Test
  void createAddsTheRemoteWhichThenNamesTheApp() throws Exception {
    Path script = Path.of("src/main/dist/paas").toAbsolutePath();
    assertThat(Files.isExecutable(script)).isTrue();
    api.on(
        "POST /v1/apps",
        201,
        "{\"name\":\"shop\",\"url\":\"u\",\"gitUrl\":\"ssh://paas@h:22/shop\"}");
    api.on("GET /v1/apps/shop/ps", 200, "{\"formation\":{},\"instances\":[]}");
    shell("git init -q .");
    assertThat(shell("java -cp \"$CP\" dev.paas.cli.Main create shop"))
        .contains("git push paas main");
    assertThat(shell("mkdir -p sub && cd sub && java -cp \"$CP\" dev.paas.cli.Main ps"))
        .isEqualTo("No instances are running.\n");
  }

  @Test
  void theOriginOfACloneNamesTheAppWhereThePlatformSaysSo() throws Exception {
    api.on(
        "GET /v1/apps/shop", 200, "{\"name\":\"shop\",\"gitUrl\":\"ssh://paas@h:2222/shop.git\"}");
    api.on("GET /v1/apps/shop/ps", 200, "{\"formation\":{},\"instances\":[]}");
    shell("git init -q . && git remote add origin ssh://paas@localhost:2222/shop");
    assertThat(shell("java -cp \"$CP\" dev.paas.cli.Main ps"))
        .isEqualTo("No instances are running.\n");
    shell("git remote set-url origin ssh://git@example.org/shop");
    assertThat(shell("java -cp \"$CP\" dev.paas.cli.Main ps || true")).contains("Which app?");
    api.on(
        "GET /v1/apps/shop",
        401,
        ScriptedApi.problem("access.no-token", "You are not logged in", ""));
    assertThat(shell("java -cp \"$CP\" dev.paas.cli.Main ps || true"))
        .contains("You are not logged in");
  }

  @Test
  void createAndDestroySayWhatBecomesOfTheRemote() throws Exception {
    String found = "{\"name\":\"%s\",\"url\":\"u\",\"gitUrl\":\"ssh://paas@h:2222/%s.git\"}";
    api.on("POST /v1/apps", 201, found.formatted("extra", "extra"));
    api.on("GET /v1/apps/shop", 200, found.formatted("shop", "shop"));
    api.on("DELETE /v1/apps/shop", 204, "");
    shell("git init -q . && git remote add paas ssh://paas@h:2222/shop");
    assertThat(shell("java -cp \"$CP\" dev.paas.cli.Main create extra"))
        .contains("The git remote paas stays at shop (paas git:remote -a extra changes it).");
    assertThat(shell("java -cp \"$CP\" dev.paas.cli.Main destroy shop --force"))
        .contains("Removed the git remote paas");
    assertThat(shell("git remote")).isEmpty();
  }

  @Test
  void configVarsThatChangeAreNamed() {
    String deployment = "{\"id\":\"1\",\"state\":\"done\",\"release\":\"v2\"}";
    api.on(
        "PATCH /v1/apps/shop/config", 200, "{\"changed\":true,\"deployment\":" + deployment + "}");
    assertThat(run("config:set", "-a", "shop", "GREETING=a=b", "SPACE=x y")).isZero();
    assertThat(text(out)).isEqualTo("Set GREETING, SPACE; v2 serves.\n");
    out.reset();
    assertThat(run("config:unset", "-a", "shop", "SPACE")).isZero();
    assertThat(text(out)).isEqualTo("Unset SPACE; v2 serves.\n");
  }

  @Test
  void theHomeOfTheEnvironmentKeepsTheLogin() throws Exception {
    api.on("GET /v1/apps", 200, "[]");
    shell("echo paas_1 | java -cp \"$CP\" dev.paas.cli.Main login \"$PAAS_API\"");
    Path kept = folder.resolve(".config/paas/config.toml");
    assertThat(kept).exists();
    assertThat(shell("java -cp \"$CP\" dev.paas.cli.Main logout")).contains(kept.toString());
    assertThat(kept).doesNotExist();
    assertThat(shell("java -cp \"$CP\" dev.paas.cli.Main logout"))
        .isEqualTo("You were not logged in.\n");
  }

  private String shell(String line) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-c", line).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().put("CP", System.getProperty("java.class.path"));
    builder.environment().put("PAAS_API", api.url());
    builder.environment().put("HOME", folder.toString());
    builder.environment().remove("PAAS_APP");
    builder.environment().remove("XDG_CONFIG_HOME");
    Process process = builder.start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(printed).isZero();
    return printed;
  }

  private int run(String... args) {
    return run(false, args);
  }

  private int local(String... args) {
    return run(true, args);
  }

  private int run(boolean local, String... args) {
    err.reset();
    return command(local).run(List.of(args), new Endpoint(api.url(), "paas_test"));
  }

  private PaasCommand command(boolean local) {
    return new PaasCommand(
        new Terminal(
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            PaasCommand.utf8(out),
            PaasCommand.utf8(err),
            interactive,
            interactive,
            false),
        local,
        Optional.empty(),
        Optional::empty,
        cancellation);
  }

  /** A server that has nothing new to tell holds the question. */
  private static void held(int millis) {
    try {
      assertThat(new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS)).isFalse();
    } catch (InterruptedException stopped) {
      throw new IllegalStateException(stopped);
    }
  }

  private static boolean await(CountDownLatch latch) {
    try {
      return latch.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException stopped) {
      throw new IllegalStateException(stopped);
    }
  }

  private static String text(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }
}
