package dev.paas.gitreceiver.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.base.name.AppName;
import dev.paas.gitreceiver.repository.Repositories;
import dev.paas.gitreceiver.ssh.ReceiverFixture.Ended;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pushes come while the repository is packed and swept, again and again. */
final class CollectionFaultIT {

  private static final AppName SHOP = new AppName("shop");

  /** Each with a branch of its own, so that none is declined. */
  private static final int PUSHERS = 3;

  /** Pushes in the gate, a few seconds; {@code -Dpaas.collection.pushes=500} is the long one. */
  private static final int PUSHES = Integer.getInteger("paas.collection.pushes", 45);

  /** Whoever waits for many pushes hears of every so many. */
  private static final int TELL_EVERY = 25;

  @TempDir Path folder;

  /** F19 in docs/reliability.md. */
  @Test
  void whatWasPushedWhileTheRepositoryIsPackedIsThereAndWhole() throws Exception {
    Repositories repositories = new Repositories(folder.resolve("git"), 1);
    ExecutorService threads = Executors.newFixedThreadPool(PUSHERS + 1);
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger ran = new AtomicInteger();
    try (ReceiverFixture receiver = new ReceiverFixture(folder, repositories)) {
      List<Future<Map.Entry<String, String>>> pushers = new ArrayList<>();
      for (int i = 0; i < PUSHERS; i++) {
        Path tree = receiver.workTree("tree" + i);
        String branch = i == 0 ? "main" : "work" + i;
        pushers.add(threads.submit(() -> pushAll(receiver, tree, branch)));
      }
      Future<?> collector =
          threads.submit(
              () -> {
                while (!over.get()) {
                  if (repositories.exists(SHOP)) {
                    repositories.tidy(SHOP);
                    ran.incrementAndGet();
                  }
                }
                return over;
              });
      Map<String, String> last = new TreeMap<>();
      try {
        for (Future<Map.Entry<String, String>> pusher : pushers) {
          last.put(pusher.get().getKey(), pusher.get().getValue());
        }
      } finally {
        over.set(true);
      }
      collector.get();

      assertThat(ran).as("collections that were tried").hasValueGreaterThan(PUSHES);
      Ended fsck = receiver.git("alice", repositories.path(SHOP), "fsck", "--full", "--strict");
      assertThat(fsck.code()).as(fsck.toString()).isZero();
      for (Map.Entry<String, String> branch : last.entrySet()) {
        assertThat(repositories.read(SHOP, "refs/heads/" + branch.getKey()))
            .as(branch.getKey())
            .hasValue(branch.getValue());
        Ended history =
            receiver.git(
                "alice", repositories.path(SHOP), "rev-list", "--count", branch.getValue());
        assertThat(history.out().strip())
            .isEqualTo(String.valueOf(PUSHES / PUSHERS + 1)); // the first commit has no push
      }
      repositories.tidy(SHOP);
      assertThat(receiver.packs(SHOP).stream().filter(file -> file.endsWith(".pack")))
          .as("packs, now that nothing is under way")
          .hasSizeLessThanOrEqualTo(2);
    } finally {
      over.set(true);
      threads.shutdownNow();
    }
  }

  private static Map.Entry<String, String> pushAll(
      ReceiverFixture receiver, Path tree, String branch) throws Exception {
    for (int i = 0; i < PUSHES / PUSHERS; i++) {
      receiver.commit(tree, "file" + i, branch + " " + i);
      Ended push =
          receiver.git(
              "alice", tree, "push", "-q", receiver.url(SHOP), "HEAD:refs/heads/" + branch);
      assertThat(push.code()).as(push.toString()).isZero();
      if ((i + 1) % TELL_EVERY == 0) {
        System.out.printf("%d pushes to %s%n", i + 1, branch);
      }
    }
    return Map.entry(branch, receiver.head(tree));
  }
}
