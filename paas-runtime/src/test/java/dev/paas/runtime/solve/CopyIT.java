package dev.paas.runtime.solve;

import static dev.paas.runtime.solve.BuildBench.copy;
import static dev.paas.runtime.solve.BuildBench.image;
import static dev.paas.runtime.solve.BuildBench.makeDir;
import static dev.paas.runtime.solve.BuildBench.source;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;
import dev.paas.base.problem.PaasException;
import dev.paas.contract.runtime.CopyOp;
import dev.paas.contract.runtime.ImageConfig;
import dev.paas.contract.runtime.Node;
import dev.paas.runtime.content.Sha256;
import dev.paas.runtime.image.StoredImage;
import dev.paas.runtime.linux.file.FileHandle;
import dev.paas.runtime.linux.file.FileStatus;
import dev.paas.runtime.tar.TestTar;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** Copies between real trees and real mounted layers. Needs root. */
final class CopyIT {

  @TempDir Path temp;
  private BuildBench bench;
  private Node base;
  private Node src;

  @BeforeEach
  void importBase() throws IOException {
    bench = new BuildBench(temp);
    bench.images.importTar("base", ImageConfig.getDefaultInstance(), BuildBench.base().stream());
    base = image("base", "base");
    src = source("src", bench.tree(sources()));
  }

  @AfterEach
  void nothingIsLeftMounted() throws IOException {
    bench.close();
    assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(temp.toString());
  }

  private static TestTar sources() {
    return new TestTar()
        .file("package.json", "{}")
        .file("package-lock.json", "{\"lock\": 1}")
        .file("src/index.js", "index")
        .file("src/lib/a.js", "a")
        .file("src/run.sh", "#!/bin/sh\n".getBytes(StandardCharsets.UTF_8), 0755, 5, 5)
        .symlink("src/link", "lib/a.js")
        .symlink("start", "src/run.sh")
        .file("node_modules/x/index.js", "x")
        .file("README.md", "read me");
  }

  private StoredImage copied(CopyOp.Builder op) throws IOException, InterruptedException {
    return bench.solve(base, src, copy("copy", "base", op));
  }

  private FileStatus status(StoredImage image, String path) throws IOException {
    try (RootView view = bench.view(image)) {
      return view.root().statusBeneath(path).orElseThrow(() -> new AssertionError("no " + path));
    }
  }

  private boolean exists(StoredImage image, String path) throws IOException {
    try (RootView view = bench.view(image)) {
      return view.root().statusBeneath(path).isPresent();
    }
  }

  private String content(StoredImage image, String path) throws IOException {
    try (RootView view = bench.view(image);
        FileHandle file = view.root().readInRoot(path)) {
      return new String(file.stream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void directoryIsMergedAndFileIsPlaced() throws Exception {
    StoredImage image = copied(copy("src", "/app/", "src", "package*.json"));
    assertThat(content(image, "app/index.js")).isEqualTo("index");
    assertThat(content(image, "app/lib/a.js")).isEqualTo("a");
    assertThat(content(image, "app/link")).isEqualTo("a");
    assertThat(content(image, "app/package-lock.json")).contains("lock");
    assertThat(status(image, "app/run.sh").permissions()).isEqualTo(0755);
    assertThat(status(image, "app/index.js").permissions()).isEqualTo(0644);
    assertThat(status(image, "app/run.sh").uid()).isZero();
    assertThat(exists(image, "app/README.md")).isFalse();
  }

  @Test
  void whatIsLeftOutIsNeitherCopiedNorInTheKey() throws Exception {
    CopyOp.Builder op = copy("src", "/app/", ".").addLeftOut("*.json").addLeftOut("**/lib");
    StoredImage image = copied(op);
    assertThat(content(image, "app/README.md")).isEqualTo("read me");
    assertThat(content(image, "app/src/index.js")).isEqualTo("index");
    assertThat(exists(image, "app/package.json")).isFalse();
    assertThat(exists(image, "app/src/lib")).isFalse();
    src = source("src", bench.tree(sources().file("src/lib/b.js", "b").file("x.json", "{}")));
    assertThat(copied(op).digest()).isEqualTo(image.digest());
    assertThat(bench.cached("copy")).isTrue();
    assertThat(exists(copied(copy("src", "/app/", ".").addLeftOut("src")), "app/src")).isFalse();
  }

  @Test
  void patternsOfWhatIsLeftOutAreComparedWithTheNamesOfFiles() throws Exception {
    StoredImage image = copied(copy("src", "/app/", "package*", "src").addLeftOut("*-lock.json"));
    assertThat(content(image, "app/package.json")).isEqualTo("{}");
    assertThat(exists(image, "app/package-lock.json")).isFalse();
    assertThat(content(image, "app/lib/a.js")).isEqualTo("a");
  }

  @Test
  void directoriesOfTheSourcesAreKept() throws Exception {
    StoredImage image =
        copied(
            copy("src", "/app", "src/lib/a.js", "package.json", "node_modules").setParents(true));
    assertThat(content(image, "app/src/lib/a.js")).isEqualTo("a");
    assertThat(content(image, "app/package.json")).isEqualTo("{}");
    assertThat(content(image, "app/node_modules/x/index.js")).isEqualTo("x");
    assertThat(exists(image, "app/src/index.js")).isFalse();
  }

  @Test
  void onlyDirectoriesBehindThePivotAreKept() throws Exception {
    StoredImage image =
        copied(copy("src", "/app/", "src/./lib/a.js", "node_modules/./.").setParents(true));
    assertThat(content(image, "app/lib/a.js")).isEqualTo("a");
    assertThat(content(image, "app/x/index.js")).isEqualTo("x");
    assertThat(exists(image, "app/src")).isFalse();
  }

  @Test
  void starsSpanDirectoriesWhereTheseAreKept() throws Exception {
    StoredImage image =
        copied(copy("src", "/app/", "**/index.js").setParents(true).addLeftOut("node_modules"));
    assertThat(content(image, "app/src/index.js")).isEqualTo("index");
    assertThat(exists(image, "app/node_modules")).isFalse();
    StoredImage all = copied(copy("src", "/app/", "src/**").setParents(true));
    assertThat(content(all, "app/src/lib/a.js")).isEqualTo("a");
    assertThat(status(all, "app/src/link").isSymlink()).isTrue();
    assertThat(copied(copy("src", "/app/", "**/nothing").setParents(true)).layers()).isNotNull();
    assertThatThrownBy(() -> copied(copy("src", "/app/", "src/nothing").setParents(true)))
        .hasMessageContaining("build.copy-source-missing");
  }

  @Test
  void keptDirectoriesOfARootFilesystemHaveTheirOwnersAndModes() throws Exception {
    Node opt = makeDir("opt", "base", "/opt/tools/bin", "app");
    StoredImage image =
        bench.solve(
            base,
            opt,
            copy("copy", "base", copy("opt", "/new/", "opt/tools/bin", "srv").setParents(true)));
    assertThat(status(image, "new/opt").permissions()).isEqualTo(0711);
    assertThat(status(image, "new/opt").uid()).isEqualTo(3);
    assertThat(status(image, "new/opt/tools/bin").uid()).isEqualTo(1000);
    assertThat(status(image, "new/srv/current").isSymlink()).isTrue();
    assertThat(exists(image, "new/srv/releases/1")).isTrue();
    StoredImage linked =
        bench.solve(
            base, copy("copy", "base", copy("base", "/new/", "srv/current").setParents(true)));
    assertThat(status(linked, "new/srv/current").isSymlink()).isTrue();
  }

  @Test
  void fileTakesTheDestinationsNameUnlessItIsADirectory() throws Exception {
    assertThat(content(copied(copy("src", "/new/name.json", "package.json")), "new/name.json"))
        .isEqualTo("{}");
    assertThat(content(copied(copy("src", "/opt", "package.json")), "opt/package.json"))
        .isEqualTo("{}");
    assertThat(content(copied(copy("src", "/dir/", "package.json")), "dir/package.json"))
        .isEqualTo("{}");
    assertThat(content(copied(copy("src", "/file", "package.json")), "file")).isEqualTo("{}");
  }

  @Test
  void existingDirectoriesKeepOwnerAndMode() throws Exception {
    StoredImage image = copied(copy("src", "/opt/new/", "src").setOwner("app"));
    assertThat(status(image, "opt").permissions()).isEqualTo(0711);
    assertThat(status(image, "opt").uid()).isEqualTo(3);
    assertThat(status(image, "opt/new").uid()).isEqualTo(1000);
    assertThat(status(image, "opt/new").gid()).isEqualTo(1001);
    assertThat(status(image, "opt/new/lib/a.js").uid()).isEqualTo(1000);
    assertThat(status(image, "opt/new/link").gid()).isEqualTo(1001);
  }

  @Test
  void modesAreGivenToFilesAndDirectoriesAndAreInTheKey() throws Exception {
    StoredImage image = copied(copy("src", "/new/", "src").setMode("0710"));
    assertThat(status(image, "new/lib").permissions()).isEqualTo(0710);
    assertThat(status(image, "new/lib/a.js").permissions()).isEqualTo(0710);
    assertThat(status(image, "new").permissions()).isEqualTo(0755);
    StoredImage symbolic = copied(copy("src", "/new/", "src").setMode("go-r,a+X"));
    assertThat(status(symbolic, "new/lib").permissions()).isEqualTo(0711);
    assertThat(status(symbolic, "new/index.js").permissions()).isEqualTo(0600);
    assertThat(status(symbolic, "new/run.sh").permissions()).isEqualTo(0711);
    assertThat(status(symbolic, "new/link").isSymlink()).isTrue();
    assertThat(status(copied(copy("src", "/new/", "src")), "new/run.sh").permissions())
        .isEqualTo(0755);
    assertThatThrownBy(() -> copied(copy("src", "/new/", "src").setMode("rwx")))
        .hasMessageContaining("build.bad-mode");
  }

  @ParameterizedTest
  @ValueSource(strings = {"tar", "gz", "bzip2", "xz", "zstd"})
  void anArchiveIsUnpackedWhateverItIsCalled(String compressor) throws Exception {
    byte[] archive = compressed(compressor, archive().bytes());
    StoredImage image = unpacked(archive, copy("src", "/opt/new", "a.bin"));
    assertThat(content(image, "opt/new/d/f")).isEqualTo("from archive");
    assertThat(status(image, "opt/new/d/f").uid()).isEqualTo(7);
    assertThat(status(image, "opt/new/d/f").permissions()).isEqualTo(0640);
    assertThat(status(image, "opt/new/d").permissions()).isEqualTo(0750);
    assertThat(status(image, "opt/new/link").isSymlink()).isTrue();
    assertThat(content(image, "opt/new/same")).isEqualTo("from archive");
    assertThat(exists(image, "opt/new/a.bin")).isFalse();
    assertThat(bench.images.layers().temporary())
        .isDirectoryNotContaining(path -> path.toString().contains("archive"));
    StoredImage owned = unpacked(archive, copy("src", "/opt/new/", "a.bin").setOwner("app:web"));
    assertThat(status(owned, "opt/new/d/f").uid()).isEqualTo(1000);
    assertThat(status(owned, "opt/new/d/f").gid()).isEqualTo(33);
  }

  @Test
  void onlyWhereThatIsAskedForAndOnlyOfArchives() throws Exception {
    byte[] archive = compressed("gz", archive().bytes());
    Node tree = source("src", bench.tree(file("a.tgz", archive)));
    StoredImage plain =
        bench.solve(base, tree, copy("copy", "base", copy("src", "/opt/", "a.tgz")));
    assertThat(status(plain, "opt/a.tgz").size()).isEqualTo(archive.length);
    for (byte[] other :
        List.of(
            compressed("gz", "no tar in it".getBytes(StandardCharsets.UTF_8)),
            new byte[] {0x1f, (byte) 0x8b, 8, 0},
            new byte[0],
            "BZh9 is how a text may begin".getBytes(StandardCharsets.UTF_8))) {
      StoredImage image = unpacked(other, copy("src", "/opt/", "a.bin"));
      assertThat(status(image, "opt/a.bin").size()).isEqualTo(other.length);
    }
  }

  @Test
  void anArchiveThatIsDamagedOrLeadsOutIsRefusedAndNothingIsLeft() throws Exception {
    byte[] whole = compressed("gz", archive().bytes());
    byte[] cut = Arrays.copyOf(whole, whole.length - 60);
    byte[] above = new TestTar().file("../../etc/passwd", "x").bytes();
    byte[] through = new TestTar().symlink("out", "/etc").file("out/passwd", "planted").bytes();
    for (byte[] bad : List.of(cut, above, through)) {
      assertThatThrownBy(() -> unpacked(bad, copy("src", "/opt/", "a.bin")))
          .isInstanceOf(PaasException.class);
    }
    assertThat(bench.images.layers().temporary()).isEmptyDirectory();
  }

  @Test
  void aLinkOfAnArchiveLeadsNoLaterFileOutOfTheImage() throws Exception {
    byte[] planted = new TestTar().symlink("escape", "/../../../../../srv/releases").bytes();
    StoredImage image =
        bench.solve(
            base,
            source("src", bench.tree(file("a.bin", planted))),
            copy("one", "base", copy("src", "/opt/", "a.bin").setUnpack(true)),
            source("more", bench.tree(new TestTar().file("f", "x"))),
            copy("two", "one", copy("more", "/opt/escape/", "f")));
    assertThat(content(image, "srv/releases/f")).isEqualTo("x");
  }

  private StoredImage unpacked(byte[] archive, CopyOp.Builder op) throws Exception {
    Node tree = source("src", bench.tree(file("a.bin", archive)));
    return bench.solve(base, tree, copy("copy", "base", op.setUnpack(true)));
  }

  private static TestTar file(String path, byte[] content) {
    return new TestTar().file(path, content, 0644, 0, 0);
  }

  private static TestTar archive() {
    byte[] text = "from archive".getBytes(StandardCharsets.UTF_8);
    return new TestTar()
        .directory("d", 0750, 7, 8)
        .file("d/f", text, 0640, 7, 8)
        .hardLink("same", "d/f")
        .symlink("link", "d/f");
  }

  private static byte[] compressed(String compressor, byte[] bytes) throws Exception {
    if (compressor.equals("tar")) {
      return bytes;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream to =
        switch (compressor) {
          case "gz" -> new GZIPOutputStream(out);
          case "bzip2" -> new BZip2CompressorOutputStream(out);
          case "xz" -> new XZOutputStream(out, new LZMA2Options());
          default -> new ZstdOutputStream(out);
        }) {
      to.write(bytes);
    }
    return out.toByteArray();
  }

  @Test
  void filesThatAreOneStayOne() throws Exception {
    TestTar several =
        new TestTar()
            .directory("d/e")
            .file("d/one", "1")
            .hardLink("d/e/two", "d/one")
            .file("d/three", "1")
            .hardLink("outside", "d/three");
    bench.images.importTar("several", ImageConfig.getDefaultInstance(), several.stream());
    StoredImage image =
        bench.solve(
            base,
            image("several", "several"),
            copy("copy", "base", copy("several", "/x/", "d").setOwner("5:6")));
    FileStatus one = status(image, "x/one");
    assertThat(status(image, "x/e/two").inode()).isEqualTo(one.inode());
    assertThat(List.of(one.links(), status(image, "x/three").links())).containsExactly(2L, 1L);
    assertThat(one.uid()).isEqualTo(5);
  }

  @Test
  void ownerIsLookedUpInTheImage() throws Exception {
    FileStatus byGroup = status(copied(copy("src", "/f", "README.md").setOwner("app:web")), "f");
    assertThat(byGroup.uid()).isEqualTo(1000);
    assertThat(byGroup.gid()).isEqualTo(33);
    assertThat(status(copied(copy("src", "/f", "README.md").setOwner("5")), "f").gid())
        .isEqualTo(5);
    assertThat(owner("nobody-here")).isEqualTo("0:0");
    assertThat(owner(":web")).isEqualTo("0:33");
    assertThat(owner("app:nobody-here")).isEqualTo("1000:1001");
    assertThat(owner("7:nobody-here")).isEqualTo("7:7");
    assertThat(owner("nobody-here:8")).isEqualTo("0:8");
    assertThatThrownBy(() -> copied(copy("src", "/f", "README.md").setOwner("70000")))
        .hasMessageContaining("build.unknown-owner");
  }

  private String owner(String written) throws Exception {
    FileStatus status = status(copied(copy("src", "/f", "README.md").setOwner(written)), "f");
    return status.uid() + ":" + status.gid();
  }

  @Test
  void anOwnerIsFoundInALongFile() throws Exception {
    TestTar many =
        new TestTar()
            .directory("etc")
            .file("etc/passwd", "a:x:1:1::/:/bin/sh\n".repeat(5000) + "last:x:77:78::/:/bin/sh\n");
    bench.images.importTar("long", ImageConfig.getDefaultInstance(), many.stream());
    base = image("base", "long");
    assertThat(owner("last")).isEqualTo("77:78");
  }

  @Test
  void linksInTheDestinationStayInsideTheImage() throws Exception {
    StoredImage image = copied(copy("src", "/srv/current/", "README.md"));
    assertThat(content(image, "srv/releases/1/README.md")).isEqualTo("read me");
    assertThat(status(image, "srv/current").isSymlink()).isTrue();
    assertThat(content(copied(copy("src", "/srv/out/", "README.md")), "tmp/README.md"))
        .isEqualTo("read me");
    assertThat(content(copied(copy("src", "/srv/dangling", "README.md")), "nowhere/at/all"))
        .isEqualTo("read me");
    assertThat(
            content(copied(copy("src", "/srv/dangling/in/", "start")), "nowhere/at/all/in/start"))
        .startsWith("#!");
    assertThat(content(copied(copy("src", "/../../up", "README.md")), "up")).isEqualTo("read me");
  }

  @Test
  void linkThatIsNamedItselfIsFollowed() throws Exception {
    StoredImage image = copied(copy("src", "/bin/", "start"));
    assertThat(status(image, "bin/start").isRegular()).isTrue();
    assertThat(content(image, "bin/start")).startsWith("#!");
  }

  @Test
  void missingSourceIsNamedAndEmptyPatternIsNot() throws Exception {
    assertThatThrownBy(() -> copied(copy("src", "/app/", "src", "nothing.txt")))
        .hasMessageContaining("build.copy-source-missing")
        .hasMessageContaining("nothing.txt");
    StoredImage image = copied(copy("src", "/app/", "*.none", "package.json"));
    assertThat(exists(image, "app/package.json")).isTrue();
  }

  @Test
  void linksInACircleAreAProblem() throws Exception {
    TestTar circle = new TestTar().symlink("a", "b/x").symlink("b", "/a");
    bench.images.importTar("circle", ImageConfig.getDefaultInstance(), circle.stream());
    base = image("base", "circle");
    assertThatThrownBy(() -> copied(copy("src", "/a/f", "README.md")))
        .hasMessageContaining("build.copy-link-loop");
  }

  @Test
  void severalSourcesAreCopiedOneAfterTheOther() throws Exception {
    StoredImage last = copied(copy("src", "/app", "README.md", "package.json"));
    assertThat(content(last, "app")).isEqualTo("{}");
    StoredImage into = copied(copy("src", "/opt", "README.md", "package.json"));
    assertThat(content(into, "opt/README.md")).isEqualTo("read me");
    StoredImage made = copied(copy("src", "/app", "src", "README.md"));
    assertThat(content(made, "app/README.md")).isEqualTo("read me");
    assertThat(content(made, "app/index.js")).isEqualTo("index");
    StoredImage matched = copied(copy("src", "/opt", "package*.json"));
    assertThat(content(matched, "opt/package-lock.json")).contains("lock");
  }

  @Test
  void collisionsAreProblems() {
    assertThatThrownBy(() -> copied(copy("src", "/file", "src")))
        .hasMessageContaining("build.copy-onto-file");
    assertThatThrownBy(() -> copied(copy("src", "/file/below/", "README.md")))
        .hasMessageContaining("build.copy-onto-file");
  }

  @Test
  void ignoredFilesAreLeftOut() throws Exception {
    CopyOp.Builder all =
        copy("src", "/app/", ".").addAllExcludes(List.of("node_modules", "*.md", "!README.md"));
    StoredImage image = copied(all);
    assertThat(exists(image, "app/node_modules")).isFalse();
    assertThat(exists(image, "app/README.md")).isTrue();
    assertThatThrownBy(
            () -> copied(copy("src", "/app/", "node_modules").addExcludes("node_modules")))
        .hasMessageContaining("dockerignore");
  }

  @Test
  void copyFromARootFilesystemKeepsOwners() throws Exception {
    Node first = copy("first", "base", copy("src", "/opt/own/", "src").setOwner("app"));
    Node second = copy("second", "empty", copy("first", "/out/", "/opt/own"));
    StoredImage image = bench.solve(base, src, image("empty", ""), first, second);
    assertThat(status(image, "out/lib").uid()).isEqualTo(1000);
    assertThat(status(image, "out/index.js").uid()).isEqualTo(1000);
    assertThat(status(image, "out").uid()).isZero();
    assertThat(exists(image, "etc/passwd")).isFalse();
    bench.solve(base, src, image("empty", ""), first, second);
    assertThat(bench.cached("second")).isTrue();
  }

  @Test
  void equalContentIsACacheHitAcrossTreesAndApps() throws Exception {
    CopyOp.Builder lock = copy("src", "/app/", "package*.json");
    StoredImage before = copied(lock);
    assertThat(bench.cached("copy")).isFalse();
    Sha256 other = bench.tree(sources().file("new-file", "x"));
    StoredImage after =
        bench.solve(
            "other", bench.events::add, base, source("src", other), copy("copy", "base", lock));
    assertThat(bench.cached("copy")).isTrue();
    assertThat(after.digest()).isEqualTo(before.digest());
    assertThat(after.names())
        .contains("docker.io/apps/shop:build-1", "docker.io/apps/other:build-1");
  }

  @Test
  void changedContentModeOrNameIsNoHit() throws Exception {
    CopyOp.Builder all = copy("src", "/app/", ".");
    Sha256 first = bench.tree(new TestTar().file("a", "1"));
    Sha256 content = bench.tree(new TestTar().file("a", "2"));
    Sha256 mode = bench.tree(new TestTar().file("a", new byte[] {'1'}, 0755, 0, 0));
    Sha256 name = bench.tree(new TestTar().file("b", "1"));
    Sha256 owner = bench.tree(new TestTar().file("a", new byte[] {'1'}, 0644, 77, 77));
    bench.solve(base, source("src", first), copy("copy", "base", all));
    for (Sha256 changed : List.of(content, mode, name)) {
      bench.solve(base, source("src", changed), copy("copy", "base", all));
      assertThat(bench.cached("copy")).isFalse();
    }
    bench.solve(base, source("src", owner), copy("copy", "base", all));
    assertThat(bench.cached("copy")).as("trees have no owners").isTrue();
  }

  @Test
  void makeDirMakesOnlyWhatIsMissing() throws Exception {
    StoredImage made = bench.solve(base, makeDir("dir", "base", "/opt/a/b", "app"));
    assertThat(status(made, "opt/a/b").uid()).isEqualTo(1000);
    assertThat(status(made, "opt/a").permissions()).isEqualTo(0755);
    assertThat(status(made, "opt").permissions()).isEqualTo(0711);
    StoredImage same = bench.solve(base, makeDir("dir", "base", "/opt", "app"));
    assertThat(same.layers()).hasSize(1);
  }

  @Test
  void builtImageSurvivesANewStart() throws Exception {
    StoredImage image = copied(copy("src", "/app/", "."));
    try (BuildBench again = new BuildBench(temp)) {
      StoredImage found = again.images.find("apps/shop:build-1");
      assertThat(found.digest()).isEqualTo(image.digest());
      assertThat(found.config().getCmdList()).containsExactly("/bin/true");
      again.solve(base, src, copy("copy", "base", copy("src", "/app/", ".")));
      assertThat(again.cached("copy")).isTrue();
    }
  }

  @Test
  void emptyRootFilesystemIsABuild() throws Exception {
    StoredImage image =
        bench.solve(image("scratch", ""), src, copy("c", "scratch", copy("src", "/", "src")));
    assertThat(content(image, "index.js")).isEqualTo("index");
    assertThat(image.layers()).hasSize(1);
  }
}
