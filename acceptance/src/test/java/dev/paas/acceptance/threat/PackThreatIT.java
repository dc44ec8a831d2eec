package dev.paas.acceptance.threat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.acceptance.platform.Aftermath;
import dev.paas.acceptance.platform.Command;
import dev.paas.acceptance.platform.GitApp;
import dev.paas.acceptance.platform.Platform;
import dev.paas.acceptance.platform.SharedPlatform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Pushes that lie, and trees that would harm whoever checks them out. */
@ExtendWith(SharedPlatform.class)
final class PackThreatIT {
  private static final String MAIN = "refs/heads/main";
  private static final int BASE = 65_536;

  private final Platform platform;

  PackThreatIT(Platform platform) {
    this.platform = platform;
  }

  /** T6 in docs/reliability.md. */
  @Test
  void aPackThatLiesIsRefusedWithASentenceAndLeavesNothing() throws IOException {
    try (GitApp app = GitApp.of(platform, "lies", Map.of("index.html", "<p>first</p>\n"))) {
      app.push().succeed();
      long paasd = platform.pid("paasd");
      List<String> before = objects(app);
      byte[] text = "text\n".getBytes(java.nio.charset.StandardCharsets.UTF_8);
      // What it claims to have.
      refused(app, new HostilePack(0xffffffffL).ref(MAIN), "ssh.unpack-memory");
      refused(app, new HostilePack(40_000_000).ref(MAIN), "ssh.unpack-memory");
      refused(
          app, new HostilePack(1).ref(MAIN).object(HostilePack.BLOB, 1L << 40, text), "git fsck");
      refused(
          app,
          new HostilePack(1).ref(MAIN).object(HostilePack.TREE, 100 << 20, text),
          "limit 8388608");
      refused(
          app,
          new HostilePack(1).ref(MAIN).object(HostilePack.BLOB, 3, text),
          "longer than it says");
      refused(app, new HostilePack(1).ref(MAIN).object(HostilePack.BLOB, 9, text), "git fsck");
      refused(app, new HostilePack(1).ref(MAIN).object(0, 5, text), "unknown type");
      refused(app, new HostilePack(2).ref(MAIN).object(HostilePack.BLOB, 5, text), "git fsck");
      String checksum =
          new HostilePack(1)
              .ref(MAIN)
              .object(HostilePack.BLOB, 5, text)
              .push(platform, app.name(), new byte[20])
              .all();
      assertThat(checksum).contains("The pushed objects were not taken").contains("git fsck");
      // A few KB that unpack to 25 GB one after the other, and to 240 MB that must be held at once.
      refused(app, flat(200, 2000), "ssh.max-unpacked");
      refused(app, nested(6, 640), "ssh.unpack-memory");
      // Objects that are there, but are not what the ref needs.
      refused(
          app, new HostilePack(1).ref(MAIN).object(HostilePack.BLOB, 5, text), "fetch --unshallow");
      // More refs than anybody has.
      HostilePack refs = new HostilePack(0);
      for (int i = 0; i < 20_000; i++) {
        refs.ref("refs/tags/" + i);
      }
      assertThat(refs.push(platform, app.name()).all())
          .contains("more branches and tags than one push may");

      assertThat(platform.pid("paasd")).as("the process that read all this").isEqualTo(paasd);
      Awaitility.await("nothing of them is left")
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(() -> assertThat(objects(app)).isEqualTo(before));
      assertThat(app.body("/")).contains("first");
    }
    Aftermath.isClean(platform);
  }

  private static HostilePack flat(int deltas, long copies) {
    HostilePack pack = new HostilePack(1 + deltas).ref(MAIN);
    int base = pack.position();
    pack.object(HostilePack.BLOB, BASE, new byte[BASE]);
    for (int i = 0; i < deltas; i++) {
      pack.copies(base, BASE, copies);
    }
    return pack;
  }

  /** Each is made of the one before, which is held, because another one waits for it. */
  private static HostilePack nested(int levels, long copies) {
    HostilePack pack = new HostilePack(1 + 2L * levels).ref(MAIN);
    int base = pack.position();
    long size = BASE;
    pack.object(HostilePack.BLOB, BASE, new byte[BASE]);
    for (int i = 0; i < levels; i++) {
      int next = pack.position();
      pack.copies(base, size, copies);
      pack.copies(base, size, copies);
      base = next;
      size = BASE * copies;
    }
    return pack;
  }

  private void refused(GitApp app, HostilePack pack, String said) {
    Command.Outcome outcome = pack.push(platform, app.name());
    assertThat(outcome.exit()).as(outcome.toString()).isNotZero();
    assertThat(outcome.all()).containsPattern(said);
  }

  /** What lies in an app's repository, but for its refs, and what is arriving there. */
  private List<String> objects(GitApp app) throws IOException {
    Path git = platform.folder().resolve("data/git");
    try (Stream<Path> files = Files.walk(git)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> git.relativize(file).toString())
          .filter(
              file ->
                  file.startsWith(app.name() + ".git/objects/")
                      || file.startsWith(".arriving/" + app.name() + "."))
          .sorted()
          .toList();
    }
  }

  /** T7 in docs/reliability.md. */
  @Test
  void namesThatSomeFileSystemTakesForGitsOwnAreRefused() {
    try (GitApp app = GitApp.of(platform, "names", Map.of("index.html", "<p>first</p>\n"))) {
      app.push().succeed();
      String blob = app.git("hash-object", "-w", "index.html").succeed().out().strip();
      List<String> entries = new ArrayList<>();
      for (String name :
          List.of(
              ".git",
              ".GIT",
              "git~1",
              ".git ",
              ".git...",
              ".g\u200cit",
              ".gI\u202et",
              ".git::$INDEX_ALLOCATION",
              ".git\\config",
              "..")) {
        entries.add("100644 blob " + blob + "\t" + name);
      }
      entries.add("120000 blob " + blob + "\t.gitmodules");
      for (String entry : entries) {
        assertThat(pushed(app, entry)).as(entry).contains("The pushed objects were not taken");
      }
      // Names that only look like it stay allowed.
      assertThat(pushed(app, "100644 blob " + blob + "\t.gitignore"))
          .contains("-> main")
          .contains("Application deployed");
    }
    Aftermath.isClean(platform);
  }

  /** Pushes a commit whose tree has one more entry, as git itself would not make it. */
  private static String pushed(GitApp app, String entry) {
    app.write("../" + app.name() + ".entry", entry + "\0");
    String tree =
        "{ git ls-tree -z HEAD; cat ../"
            + app.name()
            + ".entry; } | git mktree -z --missing | xargs -I{} git commit-tree {} -p HEAD -m names";
    String commit =
        Command.of("sh", "-c", tree).with(environment()).in(app.folder()).succeed().out().strip();
    return app.git("push", "paas", commit + ":main").run().err();
  }

  private static Map<String, String> environment() {
    return Map.of(
        "GIT_AUTHOR_NAME", "a",
        "GIT_AUTHOR_EMAIL", "a@example.org",
        "GIT_COMMITTER_NAME", "a",
        "GIT_COMMITTER_EMAIL", "a@example.org");
  }

  /** T7 in docs/reliability.md. */
  @Test
  void linksAndSubmodulesReachNothingOfTheHost() throws IOException {
    Path canary = Files.writeString(platform.scratch().resolve("canary"), "the host's own\n");
    try (GitApp app =
        GitApp.of(
            platform,
            "links",
            Map.of(
                "Dockerfile",
                """
                FROM debian:bookworm-slim
                COPY . /app
                COPY up /up
                RUN cat /app/leak /app/up/canary /up || echo nothing there
                RUN mkdir -p %1$s && echo broken >/app/leak; echo broken >%1$s/canary
                CMD ["sh", "-c", "exit 5"]
                """
                    .formatted(platform.scratch())))) {
      Command.of("ln", "-s", canary.toString(), app.folder().resolve("leak").toString()).succeed();
      Command.of(
              "ln",
              "-s",
              "../".repeat(20) + platform.scratch().toString().substring(1),
              app.folder().resolve("up").toString())
          .succeed();
      app.commit("Link to the host");
      assertThat(app.push().fail().err()).doesNotContain("the host's own");
      assertThat(canary).hasContent("the host's own");

      app.git("rm", "-q", "--cached", "leak").succeed();
      app.git("config", "-f", ".gitmodules", "submodule.x.path", "x").succeed();
      app.git("config", "-f", ".gitmodules", "submodule.x.url", "-u./payload").succeed();
      app.commit("Add a submodule whose address is an option");
      assertThat(app.push().fail().err()).contains("The pushed objects were not taken");
    } finally {
      Files.delete(canary);
    }
    Aftermath.isClean(platform);
  }
}
