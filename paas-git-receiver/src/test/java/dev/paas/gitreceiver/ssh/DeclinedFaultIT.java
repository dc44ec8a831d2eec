package dev.paas.gitreceiver.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.base.name.AppName;
import dev.paas.base.problem.Problem;
import dev.paas.gitreceiver.PushOutcome;
import dev.paas.gitreceiver.repository.Repositories;
import dev.paas.gitreceiver.ssh.ReceiverFixture.Ended;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a declined push left is removed, but not under the push that is still being answered. */
final class DeclinedFaultIT {

  private static final AppName SHOP = new AppName("shop");

  private static final int PUSHERS = 3;

  /** Pushes in the gate; {@code -Dpaas.declined.pushes=500} is the long one. */
  private static final int PUSHES = Integer.getInteger("paas.declined.pushes", 60);

  @TempDir Path folder;

  @Test
  void aDeclinedPushIsToldSoAlsoWhenItsPackIsTidiedBeforeItsAnswer() throws Exception {
    Repositories repositories = new Repositories(folder.resolve("git"));
    try (ReceiverFixture receiver = new ReceiverFixture(folder, repositories)) {
      receiver.controlPlane.build = (push, progress) -> declined();
      receiver.controlPlane.over = app -> tidy(repositories, app);
      Path tree = receiver.workTree("tree");
      isDeclined(receiver.git("alice", tree, "push", receiver.url(SHOP), "HEAD:refs/heads/main"));
      Awaitility.await().until(() -> repositories.tidy(SHOP));
      assertThat(receiver.packs(SHOP)).as("left of it").noneMatch(file -> file.startsWith("pack-"));
    }
  }

  @Test
  void manyDeclinedPushesBesideTidyingAreAllToldSo() throws Exception {
    Repositories repositories = new Repositories(folder.resolve("git"), 1);
    ExecutorService threads = Executors.newFixedThreadPool(PUSHERS + 1);
    AtomicBoolean over = new AtomicBoolean();
    try (ReceiverFixture receiver = new ReceiverFixture(folder, repositories)) {
      receiver.controlPlane.build = (push, progress) -> declined();
      List<Future<List<Ended>>> pushers = new ArrayList<>();
      for (int i = 0; i < PUSHERS; i++) {
        Path tree = receiver.workTree("tree" + i);
        pushers.add(threads.submit(() -> pushAll(receiver, tree)));
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

  private static List<Ended> pushAll(ReceiverFixture receiver, Path tree) throws Exception {
    List<Ended> ends = new ArrayList<>();
    for (int i = 0; i < PUSHES / PUSHERS; i++) {
      // Its own: equal packs would have one name.
      receiver.commit(tree, "file" + i, tree.getFileName() + " " + i);
      ends.add(receiver.git("alice", tree, "push", receiver.url(SHOP), "HEAD:refs/heads/main"));
    }
    return ends;
  }

  private static void isDeclined(Ended push) {
    assertThat(push.code()).as(push.toString()).isEqualTo(1);
    assertThat(push.toString()).contains("pre-receive hook declined");
  }

  private static PushOutcome declined() {
    return new PushOutcome.Declined(
        Problem.of("build.step-failed", "A command of the build failed", "Correct it."));
  }

  private static void tidy(Repositories repositories, AppName app) {
    try {
      repositories.tidy(app);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
