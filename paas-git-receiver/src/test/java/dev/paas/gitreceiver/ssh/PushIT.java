package dev.paas.gitreceiver.ssh;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paas.base.name.AppName;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.gitreceiver.Push;
import dev.paas.gitreceiver.PushOutcome;
import dev.paas.gitreceiver.ssh.ReceiverFixture.Ended;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PushIT {

  private static final AppName SHOP = new AppName("shop");

  @TempDir Path folder;
  private ReceiverFixture receiver;
  private Path tree;

  @BeforeEach
  void start() throws Exception {
    receiver = new ReceiverFixture(folder);
    tree = receiver.workTree("shop-tree");
  }

  @AfterEach
  void stop() throws Exception {
    receiver.close();
  }

  @Test
  void acceptedPushMovesTheBranchAndCanBeCloned() throws Exception {
    Ended push = push("main");

    assertThat(push.err()).contains("* [new branch]      main -> main");
    assertThat(push.code()).isZero();
    String head = receiver.head(tree);
    Push seen = receiver.controlPlane.pushes.take();
    assertThat(seen.identity().user()).isEqualTo("alice");
    assertThat(seen.commit()).isEqualTo(head);
    assertThat(seen.oldCommit()).isEqualTo(Push.NONE);
    assertThat(receiver.repositories.read(SHOP, "refs/heads/main")).hasValue(head);

    Ended clone = receiver.git("alice", folder, "clone", "-q", receiver.url(SHOP), "copy");
    assertThat(clone.code()).isZero();
    assertThat(Files.readString(folder.resolve("copy/index.html"))).isEqualTo("hello");
    assertThat(receiver.run(receiver.repositories.path(SHOP), fsck()).code()).isZero();
  }

  @Test
  void secondPushSaysWhereTheBranchWas() throws Exception {
    push("main");
    String first = receiver.head(tree);
    receiver.commit(tree, "index.html", "changed");
    assertThat(push("main").code()).isZero();
    receiver.controlPlane.pushes.take();
    assertThat(receiver.controlPlane.pushes.take().oldCommit()).isEqualTo(first);
    assertThat(push("main").err()).contains("Everything up-to-date");
  }

  @Test
  void declinedPushLeavesTheBranchAndNoObjects() throws Exception {
    push("main");
    String running = receiver.head(tree);
    var packs = receiver.packs(SHOP);
    receiver.commit(tree, "index.html", "broken");
    receiver.controlPlane.build =
        (push, progress) -> {
          progress.line("-----> Building");
          return new PushOutcome.Declined(
              Problem.of(
                  Kind.IMPOSSIBLE,
                  "build.failed",
                  "The build failed",
                  "npm ci",
                  "Read the output above."));
        };

    Ended push = push("main");

    assertThat(push.code()).isEqualTo(1);
    assertThat(push.err())
        .contains("remote: -----> Building")
        .contains("remote:  !     The build failed: npm ci")
        .contains("remote:  !     Read the output above.")
        .contains("! [remote rejected] main -> main (pre-receive hook declined)");
    assertThat(receiver.repositories.read(SHOP, "refs/heads/main")).hasValue(running);
    await()
        .atMost(5, SECONDS)
        .untilAsserted(() -> assertThat(receiver.packs(SHOP)).isEqualTo(packs));

    receiver.controlPlane.build = (again, progress) -> receiver.controlPlane.accept(again);
    assertThat(push("main").code()).as("the same commit can be pushed again").isZero();
  }

  @Test
  void linesReachTheClientWhileTheBuildRuns() throws Exception {
    CountDownLatch seen = new CountDownLatch(1);
    receiver.controlPlane.build =
        (push, progress) -> {
          progress.line("-----> first \u001b[2J");
          boolean live = uninterrupted(seen);
          progress.line(live ? "-----> second" : "-----> nobody read the first line");
          return receiver.controlPlane.accept(push);
        };
    Process push = receiver.startGit("alice", tree, "push", receiver.url(SHOP), "main");
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(push.getErrorStream(), StandardCharsets.UTF_8))) {
      assertThat(lines.readLine()).contains("remote: -----> first \\u001b[2J");
      seen.countDown();
      assertThat(lines.readLine()).contains("remote: -----> second");
      assertThat(lines.lines()).anyMatch(line -> line.contains("main -> main"));
    }
    assertThat(push.waitFor()).isZero();
  }

  @Test
  void quietBuildLongerThanTheIdleTimeoutIsFollowedToItsEnd() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    receiver.controlPlane.build =
        (push, progress) -> {
          boolean ended = uninterrupted(never, 6);
          progress.line(ended + " " + progress.connected());
          return receiver.controlPlane.accept(push);
        };
    Ended push = push("main");
    assertThat(push.err()).contains("remote: false true");
    assertThat(push.code()).isZero();
  }

  @Test
  void clientThatHangsUpDoesNotEndTheDeploy() throws Exception {
    CountDownLatch hungUp = new CountDownLatch(1);
    receiver.controlPlane.build =
        (push, progress) -> {
          progress.onHangUp(hungUp::countDown);
          progress.line("-----> started");
          boolean noticed = uninterrupted(hungUp);
          progress.line("nobody reads this");
          if (!noticed || progress.connected()) {
            throw new IllegalStateException("not noticed");
          }
          return receiver.controlPlane.accept(push);
        };
    Process push = receiver.startGit("alice", tree, "push", receiver.url(SHOP), "main");
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(push.getErrorStream(), StandardCharsets.UTF_8))) {
      assertThat(lines.readLine()).contains("started");
      push.descendants().forEach(ProcessHandle::destroyForcibly);
      push.destroyForcibly();
    }
    String head = receiver.head(tree);
    await()
        .atMost(10, SECONDS)
        .untilAsserted(
            () -> assertThat(receiver.repositories.read(SHOP, "refs/heads/main")).hasValue(head));
  }

  @Test
  void otherBranchesAndTagsAreStoredWithoutABuild() throws Exception {
    receiver.git("alice", tree, "tag", "v1");
    Ended push = push("main:feature", "v1");
    assertThat(push.code()).isZero();
    assertThat(push.err()).contains("remote: -----> Stored feature; only main or master deploys");
    assertThat(receiver.controlPlane.pushes).isEmpty();
    assertThat(receiver.repositories.read(SHOP, "refs/heads/feature"))
        .hasValue(receiver.head(tree));
    assertThat(push(":feature").err()).contains("- [deleted]         feature");
  }

  @Test
  void twoDeployBranchesInOnePushAreRefused() throws Exception {
    Ended push = push("main", "main:master");
    assertThat(push.code()).isEqualTo(1);
    assertThat(push.err()).contains("A push deploys one branch");
    assertThat(receiver.controlPlane.pushes).isEmpty();
  }

  @Test
  void theDeployedBranchCannotBeDeleted() throws Exception {
    push("main");
    Ended push = push(":main");
    assertThat(push.err()).contains("The deployed branch can't be deleted: main");
    assertThat(receiver.repositories.read(SHOP, "refs/heads/main")).isPresent();
  }

  @Test
  void refsOfThePlatformAreNeitherShownNorTaken() throws Exception {
    push("main");
    receiver.repositories.createPushRef(SHOP, 99, receiver.head(tree));
    assertThat(receiver.git("alice", tree, "ls-remote", receiver.url(SHOP)).out())
        .contains("refs/heads/main")
        .doesNotContain("refs/paas");
    assertThat(push("main:refs/paas/pushes/1").err())
        .contains("(only branches and tags can be pushed)");
  }

  @Test
  void treesThatWouldHarmACheckoutAreRefused() throws Exception {
    String blob = receiver.git("alice", tree, "hash-object", "index.html").out().strip();
    for (String name : List.of(".git", ".GIT", "git~1", "..")) {
      Path list =
          Files.writeString(folder.resolve("list"), "100644 blob " + blob + "\t" + name + "\n");
      List<String> shell =
          List.of(
              "sh",
              "-c",
              "t=$(git mktree <"
                  + list
                  + ") && c=$(git -c user.name=A -c user.email=a@example.org commit-tree $t -m x)"
                  + " && git branch -f evil $c");
      assertThat(receiver.run(tree, shell).code()).as(name).isZero();
      Ended push = push("evil:main");
      assertThat(push.code()).as(name).isEqualTo(1);
      assertThat(push.err()).as(name).contains("The pushed objects were not taken");
    }
    assertThat(receiver.controlPlane.pushes).isEmpty();
    await().atMost(5, SECONDS).untilAsserted(() -> assertThat(receiver.packs(SHOP)).isEmpty());
  }

  @Test
  void shallowClonesAreToldWhatToDo() throws Exception {
    receiver.commit(tree, "second.html", "2");
    receiver.git("alice", folder, "clone", "-q", "--depth=1", tree.toUri().toString(), "shallow");
    Ended push =
        receiver.git("alice", folder.resolve("shallow"), "push", receiver.url(SHOP), "main");
    assertThat(push.err()).contains("git fetch --unshallow");
    await().atMost(5, SECONDS).untilAsserted(() -> assertThat(receiver.packs(SHOP)).isEmpty());
  }

  @Test
  void pushesAboveTheLimitsAreRefusedWithTheLimitAndLeaveNothing() throws Exception {
    byte[] noise = new byte[2 << 20];
    new Random(1).nextBytes(noise);
    Files.write(tree.resolve("large.bin"), noise);
    receiver.commit(tree, "index.html", "with data");
    Ended large = push("main");
    assertThat(large.code()).isEqualTo(1);
    assertThat(large.err())
        .contains("A file in this push is larger than the platform takes: limit 1MiB");
    assertThat(receiver.controlPlane.declined).containsExactly("push.large-file");

    Files.delete(tree.resolve("large.bin"));
    for (int part = 0; part < 6; part++) {
      byte[] bytes = new byte[1_000_000];
      new Random(part).nextBytes(bytes);
      Files.write(tree.resolve("part" + part), bytes);
    }
    receiver.git("alice", tree, "add", "-A");
    receiver.git("alice", tree, "commit", "-q", "--amend", "-m", "many");
    Ended many = push("main");
    assertThat(many.code()).isNotZero();
    assertThat(many.err()).contains("This push is larger than the platform takes: limit 4MiB");
    await().atMost(5, SECONDS).untilAsserted(() -> assertThat(receiver.packs(SHOP)).isEmpty());
    await().atMost(5, SECONDS).untilAsserted(() -> assertThat(receiver.arriving()).isEmpty());
  }

  @Test
  void racingPushesAreBothToldTheTruth() throws Exception {
    push("main");
    receiver.controlPlane.pushes.clear();
    Path other = folder.resolve("other");
    receiver.git("alice", folder, "clone", "-q", receiver.url(SHOP), "other");
    receiver.commit(tree, "a.html", "a");
    receiver.commit(other, "b.html", "b");
    CyclicBarrier both = new CyclicBarrier(2);
    receiver.controlPlane.build =
        (push, progress) -> {
          meet(both);
          try {
            boolean moved =
                receiver.repositories.moveBranch(
                    push.app(), push.ref(), push.oldCommit(), push.commit());
            return moved
                ? new PushOutcome.Accepted()
                : new PushOutcome.Declined(
                    Problem.of(
                        Kind.INVALID,
                        "push.overtaken",
                        "Another push came first",
                        "Fetch and merge it."));
          } catch (java.io.IOException failed) {
            throw new java.io.UncheckedIOException(failed);
          }
        };
    Process one = receiver.startGit("alice", tree, "push", receiver.url(SHOP), "main");
    Process two = receiver.startGit("alice", other, "push", receiver.url(SHOP), "main");
    int codes = one.waitFor() + two.waitFor();
    assertThat(codes).as("one went through, one did not").isEqualTo(1);
    String winner = one.exitValue() == 0 ? receiver.head(tree) : receiver.head(other);
    assertThat(receiver.repositories.read(SHOP, "refs/heads/main")).hasValue(winner);
    assertThat(receiver.run(receiver.repositories.path(SHOP), fsck()).code()).isZero();
  }

  @Test
  void aClientThatVanishesMidPackMovesNothingAndLeavesNothing() throws Exception {
    receiver.repositories.create(SHOP);
    receiver.controlPlane.owners.put(SHOP, "alice");
    var command = receiver.ssh("alice");
    command.add("paas@127.0.0.1");
    command.add("git-receive-pack shop");
    Process raw = new ProcessBuilder(command).start();
    try (OutputStream out = raw.getOutputStream()) {
      String line = "0".repeat(40) + " " + "1".repeat(40) + " refs/heads/main\0report-status";
      out.write(
          String.format("%04x%s0000", line.length() + 4, line).getBytes(StandardCharsets.UTF_8));
      out.write(new byte[] {'P', 'A', 'C', 'K', 0, 0, 0, 2, 0, 0, 0, 9, 0x3a, 0x78});
      out.flush();
      await().atMost(5, SECONDS).until(() -> receiver.arriving().size() == 1);
      raw.destroyForcibly();
      await().atMost(5, SECONDS).until(() -> receiver.arriving().isEmpty());
    }
    assertThat(receiver.repositories.read(SHOP, "refs/heads/main")).isEmpty();
  }

  private Ended push(String... refs) throws Exception {
    String[] command = new String[refs.length + 2];
    command[0] = "push";
    command[1] = receiver.url(SHOP);
    System.arraycopy(refs, 0, command, 2, refs.length);
    return receiver.git("alice", tree, command);
  }

  private static List<String> fsck() {
    return List.of("git", "-c", "safe.directory=*", "fsck", "--full", "--strict");
  }

  private static boolean uninterrupted(CountDownLatch latch) {
    return uninterrupted(latch, 10);
  }

  private static boolean uninterrupted(CountDownLatch latch, int seconds) {
    try {
      return latch.await(seconds, SECONDS);
    } catch (InterruptedException unwanted) {
      throw new IllegalStateException(unwanted);
    }
  }

  private static void meet(CyclicBarrier barrier) {
    try {
      barrier.await(10, SECONDS);
    } catch (Exception failed) {
      throw new IllegalStateException(failed);
    }
  }
}
