package dev.paas.gitreceiver.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.base.name.AppName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.TreeFormatter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RepositoriesIT {

  private static final AppName SHOP = new AppName("shop");
  private static final String NONE = "0".repeat(40);
  private static final String MAIN = "refs/heads/main";

  @TempDir Path folder;
  private Repositories repositories;

  @BeforeEach
  void create() throws Exception {
    repositories = new Repositories(folder.resolve("git"));
    repositories.create(SHOP);
  }

  @Test
  void creationIsIdempotentAndConfiguresForDurability() throws Exception {
    repositories.create(SHOP);
    assertThat(repositories.all()).containsExactly(SHOP);
    assertThat(Files.readString(repositories.path(SHOP).resolve("config")))
        .contains("fsyncRefFiles = true")
        .contains("fsyncObjectFiles = true")
        .contains("autogc = false");
  }

  @Test
  void remainsOfABrokenCreationDoNotMatter() throws Exception {
    Files.createDirectories(folder.resolve("git/.blog.new/objects"));
    repositories.create(new AppName("blog"));
    assertThat(repositories.exists(new AppName("blog"))).isTrue();
  }

  @Test
  void branchesMoveByCompareAndSet() throws Exception {
    String one = commit("one");
    String two = commit("two");
    assertThat(repositories.moveBranch(SHOP, MAIN, NONE, one)).isTrue();
    assertThat(repositories.moveBranch(SHOP, MAIN, NONE, two)).isFalse();
    assertThat(repositories.moveBranch(SHOP, MAIN, two, two)).isFalse();
    assertThat(repositories.moveBranch(SHOP, MAIN, one, two)).isTrue();
    assertThat(repositories.moveBranch(SHOP, MAIN, one, two)).as("repeated").isTrue();
    assertThat(repositories.read(SHOP, MAIN)).hasValue(two);
  }

  @Test
  void aLockThatAKilledProcessLeftStopsNoBranch() throws Exception {
    String one = commit("one");
    String two = commit("two");
    repositories.moveBranch(SHOP, MAIN, NONE, one);
    Path git = repositories.path(SHOP);
    Files.writeString(git.resolve(MAIN + ".lock"), two);
    Files.createFile(git.resolve("packed-refs.lock"));
    assertThat(repositories.moveBranch(SHOP, MAIN, one, two)).isTrue();
    assertThat(repositories.read(SHOP, MAIN)).hasValue(two);
    assertThat(repositories.deleteRef(SHOP, MAIN, two)).isTrue();
  }

  @Test
  void pushRefsAreIdempotent() throws Exception {
    String commit = commit("one");
    repositories.createPushRef(SHOP, 7, commit);
    repositories.createPushRef(SHOP, 7, commit);
    assertThat(repositories.read(SHOP, "refs/paas/pushes/7")).hasValue(commit);
    repositories.dropPushRef(SHOP, 7);
    repositories.dropPushRef(SHOP, 7);
    assertThat(repositories.read(SHOP, "refs/paas/pushes/7")).isEmpty();
  }

  @Test
  void headFollowsTheBranchThatWasDeployedFirst() throws Exception {
    repositories.moveBranch(SHOP, "refs/heads/master", NONE, commit("one"));
    try (Repository repository = repositories.open(SHOP)) {
      assertThat(repository.getFullBranch()).isEqualTo("refs/heads/master");
    }
  }

  @Test
  void manyPacksBecomeOneAndNothingReachableIsLost() throws Exception {
    String last = NONE;
    for (int i = 0; i < 4; i++) {
      String next = commit("commit " + i);
      repositories.moveBranch(SHOP, "refs/heads/b" + i, NONE, next);
      git("repack", "-q", "-d");
      last = next;
    }
    assertThat(packs()).isEqualTo(4);
    new Repositories(folder.resolve("git"), 4).tidy(SHOP);
    assertThat(packs()).isEqualTo(4);
    new Repositories(folder.resolve("git"), 3).tidy(SHOP);
    assertThat(packs()).isEqualTo(1);
    git("fsck", "--full", "--strict");
    assertThat(repositories.read(SHOP, "refs/heads/b3")).hasValue(last);
    assertThat(repositories.moveBranch(SHOP, "refs/heads/b3", last, last)).isTrue();
    assertThat(repositories.deleteRef(SHOP, "refs/heads/b3", last)).isTrue();
    assertThat(repositories.read(SHOP, "refs/heads/b3")).isEmpty();
  }

  @Test
  void aPackThatNoRefReachesGoesAndOthersStay() throws Exception {
    repositories.moveBranch(SHOP, MAIN, NONE, commit("kept"));
    git("repack", "-q", "-d");
    String pushed = commit("declined");
    repositories.createPushRef(SHOP, 1, pushed);
    git("repack", "-q", "-d");
    repositories.tidy(SHOP);
    assertThat(packs()).isEqualTo(2);
    repositories.dropPushRef(SHOP, 1);
    repositories.tidy(SHOP);
    assertThat(packs()).isEqualTo(1);
    git("fsck", "--full", "--strict");
  }

  @Test
  void whatAKilledReceiverLeftByHalfGoesAndNothingWhole() throws Exception {
    repositories.moveBranch(SHOP, MAIN, NONE, commit("kept"));
    git("repack", "-q", "-d");
    Path packs = repositories.path(SHOP).resolve("objects/pack");
    List<String> whole = files(packs);
    String kept = whole.get(0).substring(0, whole.get(0).indexOf('.'));
    String half = "pack-" + "1".repeat(40);
    for (String left :
        List.of(
            kept + ".keep", kept + ".keep.lock", half + ".pack", half + ".keep", half + ".rev")) {
      Files.writeString(packs.resolve(left), "left by a kill");
    }
    Files.writeString(
        repositories.path(SHOP).resolve("objects/incoming_1.pack"), "left by an older version");
    assertThat(repositories.leftOver(SHOP)).hasSize(6);
    repositories.tidy(SHOP);
    assertThat(files(packs)).isEqualTo(whole);
    assertThat(repositories.leftOver(SHOP)).isEmpty();
    git("fsck", "--full", "--strict");
  }

  @Test
  void equalPacksArePublishedByBothAlsoOverOneThatIsThereByHalf() throws Exception {
    repositories.moveBranch(SHOP, MAIN, NONE, commit("pushed"));
    git("repack", "-q", "-d");
    Path packs = repositories.path(SHOP).resolve("objects/pack");
    List<String> whole = files(packs);
    try (Quarantine one = repositories.quarantine(SHOP);
        Quarantine two = repositories.quarantine(SHOP)) {
      for (Quarantine push : List.of(one, two)) {
        Path arrived = push.options().getObjectDirectory().toPath().resolve("pack");
        Files.createDirectory(arrived);
        for (String file : whole) {
          Files.copy(packs.resolve(file), arrived.resolve(file));
        }
      }
      for (String file : whole) {
        Files.delete(packs.resolve(file));
        if (file.endsWith(".pack")) {
          Files.writeString(packs.resolve(file), "by half");
        }
      }
      one.publish();
      two.publish();
    }
    git("fsck", "--full", "--strict");
    assertThat(packs()).isEqualTo(1);
    assertThat(folder.resolve("git/.arriving")).isEmptyDirectory();
  }

  @Test
  void whatAKilledProcessWasReceivingIsSwept() throws Exception {
    Path folderOfPush =
        repositories.quarantine(SHOP).options().getObjectDirectory().toPath().resolve("pack");
    Files.createDirectory(folderOfPush);
    Files.writeString(folderOfPush.resolve("incoming_1.pack"), "left by a kill");
    new Repositories(folder.resolve("git")).sweepArrivals();
    assertThat(folder.resolve("git/.arriving")).isEmptyDirectory();
  }

  private static List<String> files(Path packs) throws IOException {
    try (Stream<Path> files = Files.list(packs)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }

  private long packs() throws IOException {
    try (Stream<Path> files = Files.list(repositories.path(SHOP).resolve("objects/pack"))) {
      return files.filter(file -> file.toString().endsWith(".pack")).count();
    }
  }

  private void git(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("git", "-c", "safe.directory=*"));
    command.addAll(List.of(arguments));
    Process git =
        new ProcessBuilder(command)
            .directory(repositories.path(SHOP).toFile())
            .redirectErrorStream(true)
            .start();
    String printed = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(git.waitFor()).as(printed).isZero();
  }

  @Test
  void deletionLeavesNothing() throws Exception {
    repositories.delete(SHOP);
    repositories.delete(SHOP);
    assertThat(folder.resolve("git")).isEmptyDirectory();
    assertThatThrownBy(() -> repositories.open(SHOP)).isInstanceOf(IOException.class);
  }

  @Test
  void cleanUpsWaitForNoPush() {
    RepositoryLock lock = repositories.lock(SHOP);
    AtomicBoolean ran = new AtomicBoolean();
    lock.enter();
    assertThat(lock.alone(() -> ran.set(true))).isFalse();
    lock.leave();
    assertThat(lock.alone(() -> ran.set(true))).isTrue();
    assertThat(ran).isTrue();
  }

  private String commit(String message) throws IOException {
    try (Repository repository = repositories.open(SHOP);
        ObjectInserter objects = repository.newObjectInserter()) {
      CommitBuilder commit = new CommitBuilder();
      commit.setTreeId(objects.insert(new TreeFormatter()));
      PersonIdent author = new PersonIdent("Alice", "a@example.org", Instant.EPOCH, ZoneOffset.UTC);
      commit.setAuthor(author);
      commit.setCommitter(author);
      commit.setMessage(message);
      commit.setEncoding(StandardCharsets.UTF_8);
      String id = objects.insert(Constants.OBJ_COMMIT, commit.build()).name();
      objects.flush();
      return id;
    }
  }
}
