package dev.paas.gitreceiver.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.base.name.AppName;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.gitreceiver.PushOutcome;
import dev.paas.gitreceiver.repository.Repositories;
import dev.paas.gitreceiver.ssh.ReceiverFixture.Ended;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a declined push left is removed, but not under the push that is still being answered. */
final class DeclinedFaultIT {

  private static final AppName SHOP = new AppName("shop");

  private static final int PUSHERS = 3;

  /** Pushes in the gate; {@code -Dpaas.declined.pushes=500} is the long one. */
  private static final int PUSHES = Integer.getInteger("paas.declined.pushes", 30);

  /** Times that equal pushes come at once. */
  private static final int ROUNDS = 3;

  private static final String MAIN = "refs/heads/main";

  @TempDir Path folder;

  @Test
  void aDeclinedPushIsToldSoAlsoWhenItsPackIsTidiedBeforeItsAnswer() throws Exception {
    Repositories repositories = new Repositories(folder.resolve("git"));
    try (ReceiverFixture receiver = new ReceiverFixture(folder, repositories)) {
      receiver.controlPlane.build = (push, progress) -> declined();
      receiver.controlPlane.over = app -> tidy(repositories, app);
      Path tree = receiver.workTree("tree");
      isDeclined(receiver.git("alice", tree, "push", receiver.url(SHOP), "HEAD:" + MAIN));
      Awaitility.await().until(() -> repositories.tidy(SHOP));
      assertThat(receiver.packs(SHOP)).as("left of it").noneMatch(file -> file.startsWith("pack-"));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void manyDeclinedPushesBesideTidyingAreAllToldSo(boolean equal) throws Exception {
    Repositories repositories = new Repositories(folder.resolve("git"), 1);
    ExecutorService threads = Executors.newFixedThreadPool(PUSHERS + 1);
    AtomicBoolean over = new AtomicBoolean();
    try (ReceiverFixture receiver = new ReceiverFixture(folder, repositories)) {
      receiver.controlPlane.build = (push, progress) -> declined();
      List<Future<List<Ended>>> pushers = new ArrayList<>();
      for (int i = 0; i < PUSHERS; i++) {
        Path tree = i == 0 || !equal ? receiver.workTree("tree" + i) : folder.resolve("tree0");
        pushers.add(threads.submit(() -> pushAll(receiver, tree, equal)));
      }
      Future<?> tidier =
          threads.submit(
              () -> {
                while (!over.get()) {
                  if (repositories.exists(SHOP)) {
                    repositories.tidy(SHOP);
                  }
                }
                return over;
              });
      try {
        for (Future<List<Ended>> pusher : pushers) {
          assertThat(pusher.get())
              .hasSize(PUSHES / PUSHERS)
              .allSatisfy(DeclinedFaultIT::isDeclined);
        }
      } finally {
        over.set(true);
      }
      tidier.get();
      Awaitility.await().until(() -> repositories.tidy(SHOP));
      assertThat(receiver.packs(SHOP))
          .as("left of them")
          .noneMatch(file -> file.startsWith("pack-"));
    } finally {
      over.set(true);
      threads.shutdownNow();
    }
  }

  /** How each of several pushes of one commit, that come at one moment, ends. */
  private enum Ends {
    DECLINED,
    DEPLOYED,
    STORED
  }

  static List<List<Ends>> mixtures() {
    return List.of(
        List.of(Ends.DECLINED, Ends.DECLINED),
        List.of(Ends.DECLINED, Ends.STORED),
        List.of(Ends.DEPLOYED, Ends.STORED),
        List.of(Ends.STORED, Ends.STORED),
        List.of(Ends.DECLINED, Ends.DECLINED, Ends.STORED));
  }

  @ParameterizedTest
  @MethodSource("mixtures")
  void equalPacksAtOneMomentEndEachInItsOwnWayAndNothingIsLostOrLeft(List<Ends> ends)
      throws Exception {
    Repositories repositories = new Repositories(folder.resolve("git"));
    ExecutorService threads = Executors.newFixedThreadPool(ends.size());
    try (ReceiverFixture receiver = new ReceiverFixture(folder, repositories)) {
      receiver.controlPlane.build =
          (push, progress) ->
              ends.contains(Ends.DEPLOYED) ? receiver.controlPlane.accept(push) : declined();
      receiver.controlPlane.over = app -> tidy(repositories, app);
      Path tree = receiver.workTree("tree");
      for (int round = 0; round < ROUNDS; round++) {
        receiver.commit(tree, "file", "round " + round);
        CyclicBarrier together = new CyclicBarrier(ends.size());
        List<Future<Ended>> pushes = new ArrayList<>();
        List<String> refs = new ArrayList<>();
        for (int i = 0; i < ends.size(); i++) {
          String ref = ends.get(i) == Ends.STORED ? "refs/heads/r" + round + i : MAIN;
          refs.add(ref);
          pushes.add(
              threads.submit(
                  () -> {
                    together.await();
                    return receiver.git("alice", tree, "push", receiver.url(SHOP), "HEAD:" + ref);
                  }));
        }
        for (int i = 0; i < ends.size(); i++) {
          Ended push = pushes.get(i).get();
          if (ends.get(i) == Ends.DECLINED) {
            isDeclined(push);
          } else {
            assertThat(push.code()).as(push.toString()).isZero();
            assertThat(repositories.read(SHOP, refs.get(i))).hasValue(receiver.head(tree));
          }
        }
      }
      Awaitility.await().until(() -> repositories.tidy(SHOP));
      Ended fsck = receiver.git("alice", repositories.path(SHOP), "fsck", "--full", "--strict");
      assertThat(fsck.code()).as(fsck.toString()).isZero();
      assertThat(receiver.packs(SHOP).stream().filter(file -> file.endsWith(".pack")))
          .hasSize(ends.stream().allMatch(Ends.DECLINED::equals) ? 0 : ROUNDS);
      assertThat(receiver.packs(SHOP)).noneMatch(file -> file.contains(".keep"));
      Awaitility.await().until(() -> receiver.arriving().isEmpty());
    } finally {
      threads.shutdownNow();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2_001, 3_000, 20_000})
  void aPushOfMoreRefsThanOneMayNameIsDeclinedAndStoresNone(int tags) throws Exception {
    Repositories repositories = new Repositories(folder.resolve("git"));
    try (ReceiverFixture receiver = new ReceiverFixture(folder, repositories)) {
      Path tree = receiver.workTree("tree");
      String head = receiver.head(tree);
      StringBuilder packed = new StringBuilder();
      for (int i = 0; i < tags; i++) {
        packed.append(head).append(" refs/tags/v").append(String.format("%07d", i)).append('\n');
      }
      Files.writeString(tree.resolve(".git/packed-refs"), packed);
      Ended push = receiver.git("alice", tree, "push", "--tags", receiver.url(SHOP), MAIN);
      isDeclined(push);
      assertThat(push.toString()).contains("(push.too-many-refs)");
      Ended refs = receiver.git("alice", tree, "ls-remote", receiver.url(SHOP));
      assertThat(refs.out()).isEmpty();
    }
  }

  private static List<Ended> pushAll(ReceiverFixture receiver, Path tree, boolean equal)
      throws Exception {
    List<Ended> ends = new ArrayList<>();
    for (int i = 0; i < PUSHES / PUSHERS; i++) {
      if (!equal) {
        receiver.commit(tree, "file" + i, tree.getFileName() + " " + i);
      }
      ends.add(receiver.git("alice", tree, "push", receiver.url(SHOP), "HEAD:" + MAIN));
    }
    return ends;
  }

  private static void isDeclined(Ended push) {
    assertThat(push.code()).as(push.toString()).isEqualTo(1);
    assertThat(push.toString()).contains("pre-receive hook declined");
  }

  private static PushOutcome declined() {
    return new PushOutcome.Declined(
        Problem.of(
            Kind.IMPOSSIBLE, "build.step-failed", "A command of the build failed", "Correct it."));
  }

  private static void tidy(Repositories repositories, AppName app) {
    try {
      repositories.tidy(app);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
