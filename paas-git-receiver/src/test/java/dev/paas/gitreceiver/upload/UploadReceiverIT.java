package dev.paas.gitreceiver.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.base.name.AppName;
import dev.paas.base.problem.PaasException;
import dev.paas.base.settings.DataSize;
import dev.paas.base.time.Ticker;
import dev.paas.gitreceiver.Push;
import dev.paas.gitreceiver.repository.Repositories;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UploadReceiverIT {

  private static final AppName SHOP = new AppName("shop");
  private static final PersonIdent ANN =
      new PersonIdent("ann", "ann@apps.test", Instant.EPOCH, ZoneOffset.UTC);

  private static final List<String> BRANCHES = List.of("refs/heads/main", "refs/heads/master");

  private static final UploadLimits LIMITS =
      new UploadLimits(DataSize.ofMebibytes(4), 50, DataSize.ofMebibytes(1), Duration.ofHours(1));

  @TempDir Path folder;
  private Repositories repositories;
  private UploadReceiver receiver;

  @BeforeEach
  void create() throws IOException {
    repositories = new Repositories(folder.resolve("git"));
    repositories.create(SHOP);
    receiver = new UploadReceiver(repositories, LIMITS, Ticker.system());
  }

  @Test
  void anArchiveIsACommitWithGitsModes() throws IOException {
    TestArchive archive =
        new TestArchive()
            .entry("./", '5', 0755, "", new byte[0])
            .file("./index.html", "hello")
            .program("bin/run", "#!/bin/sh\n")
            .link('2', "bin/link", "../index.html")
            .link('1', "bin/again", "bin/run")
            .entry("empty/", '5', 0755, "", new byte[0])
            .file(".git/config", "[core]")
            .file("vendor/lib/.git", "gitdir: elsewhere")
            .file("index.html", "hello again");
    String commit = commit(archive.stream());

    assertThat(files(commit))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "index.html", "100644 hello again",
                "bin/run", "100755 #!/bin/sh\n",
                "bin/again", "100755 #!/bin/sh\n",
                "bin/link", "120000 ../index.html"));
    assertThat(arrivals()).isEmpty();
  }

  @Test
  void whatTheTarOfThisMachineMakesIsRead() throws Exception {
    Path source = Files.createDirectories(folder.resolve("source/" + "d".repeat(90)));
    Files.writeString(source.resolve("f".repeat(120) + "ü"), "long");
    byte[] big = new byte[300_000];
    Arrays.fill(big, (byte) 'x');
    Files.write(folder.resolve("source/big"), big);
    Path tar = folder.resolve("source.tgz");
    Process made =
        new ProcessBuilder(
                "tar", "-C", folder.resolve("source").toString(), "-czf", tar.toString(), ".")
            .inheritIO()
            .start();
    assertThat(made.waitFor()).isZero();
    Map<String, String> files;
    try (InputStream in = Files.newInputStream(tar)) {
      files = files(commit(in));
    }
    assertThat(files).hasSize(2).containsEntry("big", "100644 " + "x".repeat(300_000));
    assertThat(files).containsEntry("d".repeat(90) + "/" + "f".repeat(120) + "ü", "100644 long");
  }

  @Test
  void theFilesOfTheBranchAreItsCommitAndOthersBuildOnIt() throws IOException {
    String first;
    try (Upload upload = receive(new TestArchive().file("a", "1").stream())) {
      first = upload.commit();
      assertThat(upload.base()).isEqualTo(Push.NONE);
      assertThat(repositories.moveBranch(SHOP, upload.branch(), Push.NONE, first)).isTrue();
    }
    try (Upload same = receive(new TestArchive().file("a", "1").stream())) {
      assertThat(same.commit()).isEqualTo(first);
    }
    try (Upload next = receive(new TestArchive().file("a", "2").stream())) {
      assertThat(next.base()).isEqualTo(first);
      assertThat(parent(next.commit())).isEqualTo(first);
      String moved = next.onto(next.commit());
      assertThat(parent(moved)).isEqualTo(next.commit());
      assertThat(files(moved)).containsEntry("a", "100644 2");
    }
  }

  @Test
  void theCommitOnTopOfAnotherIsOfWhoeverDeploysNotOfWhoeverHadTheSameFiles() throws IOException {
    String first;
    try (Upload upload = receive(new TestArchive().file("a", "1").stream())) {
      first = upload.commit();
      assertThat(repositories.moveBranch(SHOP, upload.branch(), Push.NONE, first)).isTrue();
    }
    PersonIdent bob = new PersonIdent("bob", "bob@apps.test", Instant.EPOCH, ZoneOffset.UTC);
    try (Upload same =
            receiver.receive(SHOP, new TestArchive().file("a", "1").stream(), BRANCHES, bob);
        Repository repository = repositories.open(SHOP);
        RevWalk walk = new RevWalk(repository)) {
      assertThat(same.commit()).isEqualTo(first);
      String moved = same.onto(first);
      assertThat(walk.parseCommit(ObjectId.fromString(moved)).getAuthorIdent().getName())
          .isEqualTo("bob");
    }
  }

  @Test
  void anArchiveThatTakesTooLongIsRefusedAlsoWhenItUnpacksToNothing() throws IOException {
    AtomicLong now = new AtomicLong();
    Ticker leaping = () -> now.getAndAdd(Duration.ofMinutes(10).toNanos());
    UploadReceiver hurried = new UploadReceiver(repositories, LIMITS, leaping);
    ByteArrayOutputStream nothing = new ByteArrayOutputStream();
    new GZIPOutputStream(nothing).close();
    InputStream endless = new Endless(nothing.toByteArray());
    assertThatThrownBy(() -> hurried.receive(SHOP, endless, BRANCHES, ANN))
        .isInstanceOfSatisfying(
            PaasException.class,
            late -> assertThat(late.problem().code()).isEqualTo("upload.too-slow"));
    assertThat(arrivals()).isEmpty();
    assertThat(repositories.tidy(SHOP)).isTrue();
  }

  /** The same bytes again and again, up to what no test waits for. */
  private static final class Endless extends InputStream {

    private static final long GIVEN_UP = 1L << 30;

    private final byte[] bytes;
    private long at;

    Endless(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public int read() {
      return at == GIVEN_UP ? -1 : bytes[(int) (at++ % bytes.length)] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      int one = length == 0 ? 0 : read();
      if (length == 0 || one < 0) {
        return one;
      }
      target[offset] = (byte) one;
      return 1;
    }
  }

  @Test
  void whatWasDeployedLastComesOnceMore() throws IOException {
    assertThatThrownBy(() -> receiver.again(SHOP, BRANCHES, ANN))
        .hasMessageContaining("upload.nothing-deployed");
    assertThat(repositories.tidy(SHOP)).as("nothing is held").isTrue();
    String first;
    try (Upload upload = receive(new TestArchive().file("a", "1").stream())) {
      first = upload.commit();
      assertThat(repositories.moveBranch(SHOP, upload.branch(), Push.NONE, first)).isTrue();
    }
    try (Upload again = receiver.again(SHOP, BRANCHES, ANN)) {
      assertThat(again.commit()).isEqualTo(first);
      assertThat(again.base()).isEqualTo(first);
      assertThat(again.branch()).isEqualTo("refs/heads/main");
    }
    assertThat(repositories.tidy(SHOP)).isTrue();
  }

  @Test
  void nothingIsTidiedAwayBeforeItIsAnchored() throws IOException {
    try (Upload upload = receive(new TestArchive().file("a", "1").stream())) {
      assertThat(repositories.tidy(SHOP)).isFalse();
      repositories.createPushRef(SHOP, 1, upload.commit());
      upload.anchored();
      assertThat(repositories.tidy(SHOP)).isTrue();
      assertThat(files(upload.commit())).containsKey("a");
      repositories.dropPushRef(SHOP, 1);
    }
    assertThat(repositories.tidy(SHOP)).isTrue();
    assertThat(packs()).isEmpty();
  }

  @Test
  void whatLeadsOutOrIsNoFileIsRefused() {
    refused(new TestArchive().file("../evil", "x"), "upload.bad-entry", "climbs");
    refused(new TestArchive().file("a/../../evil", "x"), "upload.bad-entry", "climbs");
    refused(
        new TestArchive().link('2', "a", "/etc").file("a/passwd", "x"),
        "upload.bad-entry",
        "through a file or link");
    refused(
        new TestArchive().file("a/b", "x").file("a", "x"),
        "upload.bad-entry",
        "the name of a folder");
    refused(new TestArchive().link('1', "a", "/etc/passwd"), "upload.bad-entry", "hard link");
    refused(new TestArchive().link('2', "a", ""), "upload.bad-entry", "target");
    refused(new TestArchive().link('3', "a", ""), "upload.bad-entry", "Devices");
    refused(new TestArchive().link('6', "a", ""), "upload.bad-entry", "Devices");
    refused(new TestArchive().file(".GIT/config", "x"), "upload.bad-entry", "A name is refused");
    refused(new TestArchive().file("git~1/config", "x"), "upload.bad-entry", "A name is refused");
    refused(
        new TestArchive().file(".gitmodules", "[submodule \"../x\"]\n\turl = u\n\tpath = p\n"),
        "upload.bad-entry",
        ".gitmodules");
    refused(new TestArchive(), "upload.empty", "no files");
    refused(new TestArchive().file(".git/config", "x"), "upload.empty", "no files");
  }

  @Test
  void whatIsLargerThanTheLimitsIsRefused() {
    refused(new TestArchive().file("a", "x".repeat(2 << 20)), "upload.large-file", "larger");
    TestArchive five = new TestArchive();
    for (int i = 0; i < 5; i++) {
      five.file("f" + i, "x".repeat(1 << 20));
    }
    refused(five, "upload.too-large", "more than the platform takes");
    TestArchive many = new TestArchive();
    for (int i = 0; i < 51; i++) {
      many.file("f" + i, "");
    }
    refused(many, "upload.too-many-files", "more files");
    refused(
        new TestArchive().file("d/".repeat(49) + "f", "").file("e/".repeat(2) + "f", ""),
        "upload.too-many-files",
        "more files");
  }

  @Test
  void whatIsDamagedOrCutOffIsRefused() throws IOException {
    byte[] whole = new TestArchive().file("a", "x".repeat(4000)).bytes();
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
      gzip.write(whole);
    }
    assertThat(files(commit(new ByteArrayInputStream(zipped.toByteArray())))).containsKey("a");
    byte[] half = Arrays.copyOf(zipped.toByteArray(), zipped.size() / 2);
    refused(new ByteArrayInputStream(half), "upload.damaged", "cut off");
    refused(new ByteArrayInputStream(whole, 0, 1000), "upload.damaged", "cut off");
    byte[] text = "no tar ".repeat(200).getBytes(StandardCharsets.UTF_8);
    refused(new ByteArrayInputStream(text), "image.bad-archive", "can't be read");
  }

  private void refused(TestArchive archive, String code, String what) {
    refused(archive.stream(), code, what);
  }

  private void refused(InputStream archive, String code, String what) {
    assertThatThrownBy(() -> receiver.receive(SHOP, archive, BRANCHES, ANN))
        .isInstanceOfSatisfying(
            PaasException.class,
            refused -> {
              assertThat(refused.problem().code()).isEqualTo(code);
              assertThat(refused.problem().what()).contains(what);
            });
    assertThat(arrivals()).isEmpty();
    // The permit is given back.
    assertThat(tidied()).isTrue();
    assertThat(packs()).isEmpty();
  }

  private boolean tidied() {
    try {
      return repositories.tidy(SHOP);
    } catch (IOException failed) {
      throw new AssertionError(failed);
    }
  }

  private static List<Path> list(Path below) {
    if (!Files.isDirectory(below)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(below)) {
      return files.toList();
    } catch (IOException failed) {
      throw new AssertionError(failed);
    }
  }

  private List<Path> arrivals() {
    return list(folder.resolve("git/.arriving"));
  }

  private List<Path> packs() {
    return list(repositories.path(SHOP).resolve("objects/pack")).stream()
        .filter(file -> file.toString().endsWith(".pack"))
        .toList();
  }

  private Upload receive(InputStream archive) throws IOException {
    return receiver.receive(SHOP, archive, BRANCHES, ANN);
  }

  private String commit(InputStream archive) throws IOException {
    try (Upload upload = receive(archive)) {
      return upload.commit();
    }
  }

  private String parent(String commit) throws IOException {
    try (Repository repository = repositories.open(SHOP);
        RevWalk walk = new RevWalk(repository)) {
      return walk.parseCommit(ObjectId.fromString(commit)).getParent(0).name();
    }
  }

  private Map<String, String> files(String commit) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Repository repository = repositories.open(SHOP);
        RevWalk walk = new RevWalk(repository);
        TreeWalk tree = new TreeWalk(repository)) {
      RevCommit parsed = walk.parseCommit(ObjectId.fromString(commit));
      tree.addTree(parsed.getTree());
      tree.setRecursive(true);
      while (tree.next()) {
        String content =
            new String(repository.open(tree.getObjectId(0)).getBytes(), StandardCharsets.UTF_8);
        files.put(tree.getPathString(), tree.getFileMode(0) + " " + content);
      }
    }
    return files;
  }
}
