package dev.paas.api.boot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.paas.api.fake.FakeDaemons;
import dev.paas.api.scheduler.Session;
import dev.paas.base.name.AppName;
import dev.paas.base.name.PersonalApp;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Terminals as a client of the API has them, with the JDK's own WebSocket as the client. */
@QuarkusTest
@QuarkusTestResource(TestPlatform.class)
final class TerminalIT {

  private static final String APP = "term";
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final ObjectMapper JSON = new ObjectMapper();

  @Inject Caller caller;
  @Inject SshListener ssh;

  /** Injected by the test resource. */
  @Nullable FakeDaemons given;

  @TempDir Path folder;

  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeEach
  void anAppServes() throws Exception {
    // One push serves all tests of this class.
    if (caller.admin().get("/v1/apps/" + APP).statusCode() == 404) {
      Workplace place = new Workplace(folder.resolve("place"), ssh.port());
      caller
          .admin()
          .body(Map.of("name", "term-key", "key", place.publicKey()))
          .post("/v1/keys")
          .then()
          .statusCode(201);
      assertThat(place.git(place.site(APP, "one"), "push", "paas", "main").code()).isZero();
    }
  }

  @Test
  void aTerminalCarriesKeysOutputSizesAndTheExit() throws Exception {
    Peer peer = open();
    peer.text(
        """
        {"command":["program","tell","TERM","size","resized","cat","exit","3"],
         "tty":true,"columns":132,"rows":43,"env":{"TERM":"xterm-256color"}}\
        """);
    soon().until(() -> peer.output().equals("xterm-256color\r\n43 132\r\n"));
    assertThat(peer.status("started").path("id").asText()).hasSize(24);
    assertThat(peer.status("started").path("instance").asText()).startsWith("run.");

    peer.send(4, 0, 100, 0, 30);
    soon().until(() -> peer.output().endsWith("30 100\r\n"));
    peer.send(0, "typed\n".getBytes(UTF_8));
    soon().until(() -> peer.output().endsWith("typed\r\n"));
    peer.send(6);
    assertThat(peer.code()).isEqualTo(1000);
    assertThat(peer.status("exit").path("code").asInt()).isEqualTo(3);
  }

  @Test
  void withoutATerminalTheOutputsAreApartAndEveryByteArrives() throws Exception {
    Peer peer = open();
    peer.text("{\"command\":[\"program\",\"complain\",\"oops\",\"cat\"]}");
    byte[] all = new byte[3 * 60_000];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) (i * 31);
    }
    for (int from = 0; from < all.length; from += 60_000) {
      peer.send(0, Arrays.copyOfRange(all, from, from + 60_000));
    }
    peer.send(6);
    assertThat(peer.code()).isEqualTo(1000);
    assertThat(peer.errors()).isEqualTo("oops\n");
    assertThat(peer.bytes(1)).isEqualTo(all);
    assertThat(peer.status("exit").path("code").asInt()).isZero();
  }

  @Test
  void aSignalEndsTheCommandAndTheAuditSaysHow() throws Exception {
    Peer peer = open();
    peer.text("{\"command\":[\"program\",\"say\",\"ready\",\"wait\"]}");
    soon().until(() -> peer.output().equals("ready\n"));
    peer.send(5, 2);
    assertThat(peer.code()).isEqualTo(1000);
    assertThat(peer.status("exit").path("code").asInt()).isEqualTo(130);
    soon()
        .untilAsserted(
            () ->
                caller
                    .admin()
                    .get("/v1/audit?app=" + APP + "&limit=50")
                    .then()
                    .body("find { it.kind == 'run' }.subject", equalTo("program"))
                    .body("find { it.kind == 'run' }.code", equalTo("exit 130")));
  }

  @Test
  void whoeverHangsUpEndsTheCommandAndWhoeverVanishesDoesNot() throws Exception {
    Peer first = open();
    first.text("{\"command\":[\"program\",\"say\",\"one\",\"wait\"]}");
    soon().until(() -> first.output().equals("one\n"));
    first.hangUp();
    String ended = first.status("started").path("id").asText();
    soon().until(() -> session(ended).isOver());

    Peer second = open();
    second.text("{\"command\":[\"program\",\"say\",\"two\",\"cat\",\"say\",\"three\"]}");
    soon().until(() -> second.output().equals("two\n"));
    String id = second.status("started").path("id").asText();
    second.vanish();
    soon().until(() -> session(id).attached() == 0);
    assertThat(session(id).isOver()).isFalse();

    Peer third = open();
    third.text("{\"session\":\"" + id + "\",\"position\":4}");
    third.send(6);
    assertThat(third.code()).isEqualTo(1000);
    assertThat(third.output()).isEqualTo("three\n");
  }

  @Test
  void whoeverHangsUpDuringTheStartEndsTheCommandToo() throws Exception {
    CompletableFuture<Void> goes = new CompletableFuture<>();
    CompletableFuture<Void> came =
        Objects.requireNonNull(given).runtime().instances().holdSession(goes);
    Peer peer = open();
    peer.text("{\"command\":[\"program\",\"say\",\"hung-up\",\"wait\"]}");
    came.get(SOON.toSeconds(), TimeUnit.SECONDS);
    peer.hangUp();
    assertThat(peer.code()).isEqualTo(1000);
    goes.complete(null);
    soon()
        .until(
            () ->
                sessions().stream()
                    .anyMatch(session -> session.argv().contains("hung-up") && session.isOver()));
  }

  @Test
  void aSignalHasAWayBesideTheInput() throws Exception {
    Peer peer = open();
    peer.text("{\"command\":[\"program\",\"say\",\"ready\",\"wait\"]}");
    soon().until(() -> peer.output().equals("ready\n"));
    String run = "/v1/apps/" + APP + "/runs/" + peer.status("started").path("id").asText();
    caller.admin().body(Map.of("signal", 99)).post(run + "/signal").then().statusCode(422);
    caller.admin().body(Map.of("signal", 2)).post(run + "/signal").then().statusCode(204);
    assertThat(peer.code()).isEqualTo(1000);
    assertThat(peer.status("exit").path("code").asInt()).isEqualTo(130);
  }

  @Test
  void aTerminalEndsWithTheTokenThatOpenedIt() throws Exception {
    String token =
        caller.admin().body(Map.of("name", "term-gone")).post("/v1/tokens").path("token");
    Peer own = new Peer(true);
    own.connect(token, APP);
    own.text("{\"command\":[\"program\",\"say\",\"own\",\"wait\"]}");
    Peer other = open();
    other.text("{\"command\":[\"program\",\"say\",\"other\",\"wait\"]}");
    soon().until(() -> own.output().equals("own\n") && other.output().equals("other\n"));
    caller.admin().delete("/v1/tokens/term-gone").then().statusCode(204);
    assertThat(own.code()).isEqualTo(1008);
    assertThat(own.status("problem").path("code").asText()).isEqualTo("access.revoked");
    String id = own.status("started").path("id").asText();
    soon().until(() -> session(id).isOver());
    other.send(5, 2);
    assertThat(other.code()).isEqualTo(1000);
    assertThat(other.status("exit").path("code").asInt()).isEqualTo(130);
  }

  @Test
  void aDetachedCommandIsListedFollowedAndStopped() throws Exception {
    String id =
        caller
            .admin()
            .body(Map.of("command", List.of("program", "say", "hello", "wait"), "detach", true))
            .post("/v1/apps/" + APP + "/runs")
            .then()
            .statusCode(201)
            .extract()
            .path("id");
    caller
        .admin()
        .get("/v1/apps/" + APP + "/runs")
        .then()
        .statusCode(200)
        .body(
            "find{it.id=='" + id + "'}.command",
            equalTo(List.of("program", "say", "hello", "wait")))
        .body("find{it.id=='" + id + "'}.exit", equalTo(null));
    caller.admin().delete("/v1/apps/" + APP + "/runs/" + id).then().statusCode(204);
    caller
        .admin()
        .get("/v1/apps/" + APP + "/runs")
        .then()
        .body("find{it.id=='" + id + "'}.exit.code", equalTo(143));
    String output =
        caller
            .admin()
            .get("/v1/apps/" + APP + "/runs/" + id + "/output")
            .then()
            .extract()
            .asString();
    assertThat(output).contains("{\"stdout\":\"aGVsbG8K\"}").contains("\"exit\":143");
    caller.admin().delete("/v1/apps/" + APP + "/runs/nobody").then().statusCode(404);

    Peer later = open();
    later.text("{\"session\":\"" + id + "\"}");
    assertThat(later.code()).isEqualTo(1000);
    soon()
        .untilAsserted(
            () ->
                caller
                    .admin()
                    .get("/v1/audit?app=" + APP + "&limit=50")
                    .then()
                    .body("find { it.kind == 'run.stop' }.subject", equalTo(id))
                    .body("find { it.kind == 'run.stop' }.outcome", equalTo("done"))
                    .body("find { it.kind == 'run.attach' }.subject", equalTo(id)));
  }

  @Test
  void anExecRunsInsideAnInstance() throws Exception {
    Peer peer = open();
    peer.text("{\"command\":[\"program\",\"say\",\"inside\"],\"process\":\"web.1\"}");
    assertThat(peer.code()).isEqualTo(1000);
    assertThat(peer.output()).isEqualTo("inside\n");
    assertThat(peer.status("started").path("instance").asText()).isEqualTo("web.1");

    Peer nobody = open();
    nobody.text("{\"command\":[\"true\"],\"process\":\"web.9\"}");
    assertThat(nobody.code()).isEqualTo(1008);
    assertThat(nobody.status("problem").path("code").asText()).isEqualTo("terminal.no-instance");
  }

  @Test
  void aPortOfAnInstanceIsReachedAndOneThatNobodyHoldsIsSaid() throws Exception {
    int port = Objects.requireNonNull(given).runtime().instances().instances(APP).get(0).port();
    Peer peer = open();
    peer.text("{\"process\":\"web.1\",\"port\":" + port + "}");
    peer.send(0, "both ways".getBytes(UTF_8));
    soon().until(() -> peer.output().equals("both ways"));
    peer.send(6);
    assertThat(peer.code()).isEqualTo(1000);
    assertThat(peer.status("started").path("instance").asText()).isEqualTo("web.1");

    Peer nobody = open();
    nobody.text("{\"process\":\"web.1\",\"port\":1}");
    assertThat(nobody.code()).isEqualTo(1008);
    assertThat(nobody.status("problem").path("code").asText()).isEqualTo("forward.refused");
    soon()
        .untilAsserted(
            () ->
                caller
                    .admin()
                    .get("/v1/audit?app=" + APP + "&limit=50")
                    .then()
                    .body("findAll { it.kind == 'forward' }.subject", hasItem("web.1:" + port)));
  }

  @Test
  void aSlowClientHoldsItsProgramBackAndNobodyElse() throws Exception {
    Peer slow = new Peer(false);
    slow.connect(caller.adminToken(), APP);
    slow.text("{\"command\":[\"program\",\"flood\",\"65536\"]}");
    AtomicInteger asked = new AtomicInteger();
    soon()
        .until(
            () -> {
              asked.incrementAndGet();
              slow.ask(1); // perhaps for a part of a message
              return slow.messages.size() > 1;
            });

    Peer other = open();
    other.text("{\"command\":[\"program\",\"say\",\"quick\"]}");
    assertThat(other.code()).isEqualTo(1000);
    assertThat(slow.messages).hasSizeBetween(2, asked.get() + 1);
    // What is on its way is in the buffers of the kernel, which has some MiB of them at most.
    String id = slow.status("started").path("id").asText();
    long read = Objects.requireNonNull(given).runtime().instances().read(id);
    assertThat(read).isPositive().isLessThan(32L << 20);

    slow.ask(Long.MAX_VALUE);
    assertThat(slow.code()).isEqualTo(1000);
    assertThat(slow.bytes(1)).hasSize(64 << 20);
  }

  @Test
  void whatIsNotUnderstoodIsRefusedWithAProblem() throws Exception {
    for (String bad :
        List.of(
            "no json",
            "null",
            "{\"command\":[\"true\"],\"colums\":80}",
            "{\"command\":[\"true\"],\"tty\":true,\"rows\":0}",
            "{\"command\":[\"true\"],\"columns\":65536}",
            "{\"command\":\"true\"}",
            "{\"session\":\"x\",\"command\":[\"true\"]}",
            "{\"port\":5432}",
            "{\"command\":[\"true\"],\"process\":\"web.1\",\"port\":5432}",
            "{\"command\":[\"true\"],\"position\":1}")) {
      Peer peer = open();
      peer.text(bad);
      assertThat(peer.code()).as(bad).isEqualTo(1008);
      assertThat(peer.status("problem").path("code").asText())
          .as(bad)
          .isIn("terminal.bad-request", "terminal.bad-size");
    }
    for (byte[] bad :
        List.of(
            new byte[] {},
            new byte[] {9},
            new byte[] {4, 0, 0, 0, 1},
            new byte[] {4, 1},
            new byte[] {5, 64},
            new byte[] {6, 1})) {
      Peer peer = open();
      peer.text("{\"command\":[\"program\",\"say\",\"ready\",\"wait\"]}");
      soon().until(() -> peer.output().equals("ready\n"));
      peer.raw(bad);
      assertThat(peer.code()).isEqualTo(1008);
      assertThat(peer.status("problem").path("code").asText()).startsWith("terminal.bad-");
    }
    Peer early = open();
    early.send(0, new byte[] {1});
    assertThat(early.code()).isEqualTo(1008);
    Peer none = open();
    none.text("{\"command\":[]}");
    assertThat(none.code()).isEqualTo(1008);
    assertThat(none.status("problem").path("code").asText()).isEqualTo("run.no-command");
  }

  @Test
  void onlyWhoMayRunCommandsOfTheAppGetsATerminal() {
    assertThat(refused("paas_nobody", APP)).isEqualTo(401);
    assertThat(refused(caller.adminToken(), "nosuch")).isEqualTo(404);
    String other =
        caller
            .admin()
            .body(Map.of("name", "term-other", "user", "term-ann"))
            .post("/v1/tokens")
            .path("token");
    assertThat(refused(other, APP)).isEqualTo(404);
    String reader =
        caller
            .admin()
            .body(Map.of("name", "term-read", "scope", "read"))
            .post("/v1/tokens")
            .path("token");
    assertThat(refused(reader, APP)).isEqualTo(403);
    caller.admin().get("/v1/apps/" + APP + "/terminals").then().statusCode(400);
    caller
        .admin()
        .header("Upgrade", "websocket")
        .header("Origin", "http://evil.example.org")
        .get("/v1/apps/" + APP + "/terminals")
        .then()
        .statusCode(403)
        .body("code", equalTo("http.foreign-origin"));
  }

  private Peer imageRun(String token, String first) {
    Peer peer = new Peer(true);
    peer.connectTo(token, "/v1/terminals");
    peer.text(first);
    return peer;
  }

  private String tokenOf(String user) {
    return caller
        .admin()
        .body(Map.of("name", "t-" + System.nanoTime(), "user", user))
        .post("/v1/tokens")
        .path("token");
  }

  @Test
  void anImageIsRunWithoutAnAppByWhoeverPulledItAlone() throws Exception {
    String ann = tokenOf("term-img");
    String frames =
        caller
            .with(ann)
            .body(Map.of("ref", "quay.io/team/tool:1"))
            .post("/v1/images/runs")
            .then()
            .statusCode(200)
            .extract()
            .asString();
    JsonNode image = JSON.readTree(frames.strip().lines().reduce((a, b) -> b).orElseThrow());
    assertThat(image.path("image").path("names").get(0).asText())
        .isEqualTo("term-img/run/quay.io/team/tool:1");
    String digest = image.path("image").path("digest").asText();
    String first =
        "{\"image\":{\"digest\":\""
            + digest
            + "\"},\"command\":[\"program\",\"say\",\"hi\",\"exit\",\"7\"]}";

    Peer own = imageRun(ann, first);
    assertThat(own.code()).isEqualTo(1000);
    assertThat(own.output()).isEqualTo("hi\n");
    assertThat(own.status("exit").path("code").asInt()).isEqualTo(7);
    soon()
        .untilAsserted(
            () ->
                caller
                    .with(ann)
                    .get("/v1/audit?limit=50")
                    .then()
                    .body("find { it.kind == 'run.image' }.subject", equalTo(digest))
                    .body("find { it.kind == 'run.image' }.code", equalTo("exit 7")));

    Peer others = imageRun(tokenOf("term-bob"), first);
    assertThat(others.code()).isEqualTo(1008);
    assertThat(others.status("problem").path("code").asText()).isEqualTo("image.not-found");
    String much = first.replace("\"},", "\",\"memoryBytes\":1099511627776},");
    Peer greedy = imageRun(ann, much);
    assertThat(greedy.code()).isEqualTo(1008);
    assertThat(greedy.status("problem").path("code").asText()).isEqualTo("run.over-limit");
  }

  @Test
  void whatAUserLoadedIsRunAndNotCollectedWhateverItIsCalled() throws Exception {
    String token = tokenOf("term-hal");
    String digest =
        caller
            .with(token)
            .contentType(ContentType.BINARY)
            .body(new byte[] {1})
            .post("/v1/images/archive?name=term-hal/run/tools:1")
            .then()
            .statusCode(201)
            .extract()
            .path("[0].digest");
    Peer peer =
        imageRun(
            token,
            "{\"image\":{\"digest\":\""
                + digest
                + "\",\"entrypoint\":[\"program\"]},\"command\":[\"say\",\"hi\"]}");
    assertThat(peer.code()).isEqualTo(1000);
    assertThat(peer.output()).isEqualTo("hi\n");
    caller.with(token).get("/v1/images/prune").then().body("$", hasSize(0));
  }

  @Test
  void anAppHasNoTerminalsOfImagesAndImagesHaveNoOthers() throws Exception {
    for (String bad :
        List.of(
            "{\"command\":[\"true\"]}",
            "{\"image\":{\"digest\":\"sha256:x\"},\"process\":\"web.1\"}",
            "{\"image\":{\"digest\":\"sha256:x\"},\"detach\":true}",
            "{\"session\":\"x\"}")) {
      Peer peer = imageRun(caller.adminToken(), bad);
      assertThat(peer.code()).as(bad).isEqualTo(1008);
      assertThat(peer.status("problem").path("code").asText())
          .as(bad)
          .isEqualTo("terminal.bad-request");
    }
    Peer app = open();
    app.text("{\"image\":{\"digest\":\"sha256:x\"},\"command\":[\"true\"]}");
    assertThat(app.code()).isEqualTo(1008);
    assertThat(refused(caller.adminToken(), PersonalApp.of("admin").value())).isEqualTo(404);
  }

  @Test
  void oneUserHasOnlySoManyTerminalsOpen() throws Exception {
    List<Peer> open = new CopyOnWriteArrayList<>();
    // Those of the tests before may still be closing.
    soon()
        .ignoreExceptions()
        .until(
            () -> {
              while (open.size() < 32) {
                open.add(open());
              }
              return true;
            });
    assertThat(refused(caller.adminToken(), APP)).isEqualTo(409);
    open.forEach(Peer::vanish);
    soon().ignoreExceptions().until(() -> open().socket != null);
  }

  private List<Session> sessions() {
    return Objects.requireNonNull(given).runtime().instances().sessions().list(new AppName(APP));
  }

  private Session session(String id) {
    return sessions().stream().filter(session -> session.id().equals(id)).findAny().orElseThrow();
  }

  private int refused(String token, String app) {
    try {
      new Peer(true).connect(token, app);
      throw new AssertionError("it was let in");
    } catch (CompletionException failed) {
      return ((WebSocketHandshakeException) Objects.requireNonNull(failed.getCause()))
          .getResponse()
          .statusCode();
    }
  }

  private Peer open() {
    Peer peer = new Peer(true);
    peer.connect(caller.adminToken(), APP);
    return peer;
  }

  private static ConditionFactory soon() {
    return Awaitility.await().atMost(SOON).pollInterval(Duration.ofMillis(20));
  }

  /** The client's end of a terminal. */
  private final class Peer implements WebSocket.Listener {

    private final boolean reads;
    private final List<byte[]> messages = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private ByteArrayOutputStream part = new ByteArrayOutputStream();
    private @Nullable WebSocket socket;

    /**
     * @param reads whatever comes; else what it asks for
     */
    Peer(boolean reads) {
      this.reads = reads;
    }

    void connect(String token, String app) {
      connectTo(token, "/v1/apps/" + app + "/terminals");
    }

    void connectTo(String token, String path) {
      socket =
          client
              .newWebSocketBuilder()
              .header("Authorization", "Bearer " + token)
              .buildAsync(URI.create("ws://127.0.0.1:" + RestAssured.port + path), this)
              .join();
    }

    @Override
    public void onOpen(WebSocket opened) {
      if (reads) {
        opened.request(Long.MAX_VALUE);
      }
    }

    void ask(long count) {
      Objects.requireNonNull(socket).request(count);
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
      byte[] bytes = new byte[data.remaining()];
      data.get(bytes);
      part.writeBytes(bytes);
      if (last) {
        messages.add(part.toByteArray());
        part = new ByteArrayOutputStream();
      }
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      closed.complete(code);
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable broken) {
      closed.completeExceptionally(broken);
    }

    void text(String text) {
      Objects.requireNonNull(socket).sendText(text, true).join();
    }

    void send(int channel, byte... content) {
      byte[] message = new byte[content.length + 1];
      message[0] = (byte) channel;
      System.arraycopy(content, 0, message, 1, content.length);
      raw(message);
    }

    void send(int channel, int... content) {
      byte[] bytes = new byte[content.length];
      for (int i = 0; i < content.length; i++) {
        bytes[i] = (byte) content[i];
      }
      send(channel, bytes);
    }

    void raw(byte[] message) {
      Objects.requireNonNull(socket).sendBinary(ByteBuffer.wrap(message), true).join();
    }

    void hangUp() {
      Objects.requireNonNull(socket).sendClose(WebSocket.NORMAL_CLOSURE, "").join();
    }

    /** Without a word. */
    void vanish() {
      Objects.requireNonNull(socket).abort();
    }

    int code() throws InterruptedException, ExecutionException {
      try {
        return closed.get(SOON.toSeconds(), TimeUnit.SECONDS);
      } catch (TimeoutException open) {
        throw new AssertionError("still open, after " + messages.size() + " messages", open);
      }
    }

    String output() {
      return new String(bytes(1), UTF_8);
    }

    String errors() {
      return new String(bytes(2), UTF_8);
    }

    byte[] bytes(int channel) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      for (byte[] message : messages) {
        if (message[0] == channel) {
          all.write(message, 1, message.length - 1);
        }
      }
      return all.toByteArray();
    }

    JsonNode status(String name) throws IOException {
      for (byte[] message : messages) {
        if (message[0] == 3) {
          JsonNode status = JSON.readTree(new String(message, 1, message.length - 1, UTF_8));
          if (status.has(name)) {
            return status.path(name);
          }
        }
      }
      throw new IOException("no status " + name);
    }
  }
}
