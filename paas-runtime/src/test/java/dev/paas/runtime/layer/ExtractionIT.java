package dev.paas.runtime.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.base.tar.TarReader;
import dev.paas.runtime.content.NameRoom;
import dev.paas.runtime.content.TestRoom;
import dev.paas.runtime.linux.file.Directory;
import dev.paas.runtime.linux.file.FileStatus;
import dev.paas.runtime.linux.file.Names;
import dev.paas.runtime.tar.Decompression;
import dev.paas.runtime.tar.ExtractLimits;
import dev.paas.runtime.tar.Extraction;
import dev.paas.runtime.tar.TestTar;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Needs root: owners, whiteout devices and trusted attributes are real. */
final class ExtractionIT {

  @TempDir Path temp;

  private Path root;
  private Path canary;
  private String canaryBefore = "";

  @BeforeEach
  void plantCanary() throws IOException {
    root = Files.createDirectory(temp.resolve("root"));
    canary = Files.createDirectory(temp.resolve("canary"));
    Files.writeString(canary.resolve("passwd"), "do not touch");
    Files.createDirectory(canary.resolve("dir"));
    canaryBefore = picture(canary);
  }

  @AfterEach
  void canaryIsUntouched() throws IOException {
    assertThat(picture(canary)).isEqualTo(canaryBefore);
    assertThat(temp.resolve("escaped")).doesNotExist();
    assertThat(Path.of("/escaped-by-extraction")).doesNotExist();
  }

  private static String picture(Path directory) throws IOException {
    StringBuilder out = new StringBuilder();
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted().toList()) {
        out.append(path)
            .append(Files.readAttributes(path, "unix:mode,uid,nlink,size,lastModifiedTime"));
        out.append(Files.isRegularFile(path) ? Files.readString(path) : "").append('\n');
      }
    }
    return out.toString();
  }

  private long extract(TestTar tar) throws IOException {
    return extract(tar.stream(), ExtractLimits.LAYER);
  }

  private long extract(InputStream tar, ExtractLimits limits) throws IOException {
    try (Directory directory = Directory.open(root)) {
      return new Extraction(new TarReader(Decompression.open(tar)), directory, limits).run();
    }
  }

  private FileStatus status(String path) throws IOException {
    try (Directory directory = Directory.open(root)) {
      return directory.statusBeneath(path).orElseThrow();
    }
  }

  @Test
  void keepsOwnerModeTimeAndLinks() throws IOException {
    String deep = "d/".repeat(60) + "long";
    extract(
        new TestTar()
            .directory("d", 01777, 7, 8)
            .file("d/setuid", new byte[] {1, 2, 3}, 04755, 1000, 2000)
            .hardLink("d/again", "d/setuid")
            .symlink("d/link", "/somewhere/else")
            .file("d/ümlaut", "x")
            .file(deep, "deep"));
    FileStatus file = status("d/setuid");
    assertThat(file.permissions()).isEqualTo(04755);
    assertThat(file.uid()).isEqualTo(1000);
    assertThat(file.gid()).isEqualTo(2000);
    assertThat(file.size()).isEqualTo(3);
    assertThat(file.links()).isEqualTo(2);
    assertThat(file.mtimeSeconds()).isEqualTo(1_000_000_000L);
    assertThat(status("d").permissions()).isEqualTo(01777);
    assertThat(status("d").mtimeSeconds()).isEqualTo(1_000_000_000L);
    assertThat(status("d/again").inode()).isEqualTo(file.inode());
    assertThat(status("d/link").isSymlink()).isTrue();
    assertThat(status(deep).size()).isEqualTo(4);
    assertThat(
            status(
                    new String(
                        "d/ümlaut".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1))
                .size())
        .isEqualTo(1);
  }

  @Test
  void whiteoutsBecomeOverlaysMarks() throws IOException {
    extract(
        new TestTar()
            .file("a/.wh.gone", "")
            .file("b/.wh..wh..opq", "")
            .file("b/kept", "x")
            .file("c/both", "x")
            .file("c/.wh.both", "")
            .file(".wh..wh.plnk", ""));
    assertThat(status("a/gone").isWhiteout()).isTrue();
    assertThat(status("c/both").isRegular()).isTrue();
    try (Directory directory = Directory.open(root)) {
      assertThat(directory.attributeNames("b")).contains("trusted.overlay.opaque");
      Names names = directory.names(3).orElseThrow();
      assertThat(IntStream.range(0, names.size()).mapToObj(names::get))
          .containsExactly("a", "b", "c");
    }
  }

  @Test
  void capabilitiesAreKeptByteByByteAndOverlaysAttributesAreDropped() throws IOException {
    byte[] capability = {1, 0, 0, 2, (byte) 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    Path other = Files.createDirectory(temp.resolve("other"));
    Files.writeString(other.resolve("ping"), "x");
    try (Directory directory = Directory.open(other)) {
      directory.setAttribute("ping", "security.capability", capability);
      ByteArrayOutputStream tar = new ByteArrayOutputStream();
      LayerTar.write(directory, tar, TestRoom.share());
      extract(new ByteArrayInputStream(tar.toByteArray()), ExtractLimits.LAYER);
    }
    extract(
        new TestTar()
            .withAttribute("evil", "x", "trusted.overlay.redirect", "/etc")
            .withAttribute("evil2", "x", "user.overlay.opaque", "y")
            .withAttribute("fine", "x", "user.note", "hello"));
    try (Directory directory = Directory.open(root)) {
      assertThat(directory.attribute("ping", "security.capability")).contains(capability);
      assertThat(directory.attributeNames("evil")).isEmpty();
      assertThat(directory.attributeNames("evil2")).isEmpty();
      assertThat(directory.attributeNames("fine")).contains("user.note");
    }
  }

  @Test
  void devicesAreLeftOut() throws IOException {
    extract(new TestTar().device("dev/null").file("after", "x"));
    assertThat(root.resolve("dev/null")).doesNotExist();
    assertThat(root.resolve("after")).exists();
  }

  @Test
  void laterEntryReplacesAnEarlierOne() throws IOException {
    extract(
        new TestTar()
            .file("f", "one")
            .file("f", "two")
            .symlink("s", "/etc")
            .file("s", "now a file")
            .file("x", "file")
            .directory("x")
            .file("x/y", "y"));
    assertThat(root.resolve("f")).hasContent("two");
    assertThat(root.resolve("s")).hasContent("now a file").isRegularFile();
    assertThat(root.resolve("x/y")).hasContent("y");
  }

  /** Archives that try to reach outside: each is refused, or stays inside. */
  static Stream<Function<Path, TestTar>> hostile() {
    return Stream.of(
        out -> new TestTar().file("../escaped", "x"),
        out -> new TestTar().file("a/../../escaped", "x"),
        out -> new TestTar().file(out.resolve("../escaped").toString(), "x"),
        out -> new TestTar().symlink("a", out.toString()).file("a/passwd", "hacked"),
        out -> new TestTar().symlink("a", "../canary").file("a/passwd", "hacked"),
        out -> new TestTar().symlink("a", out.toString()).directory("a/dir", 0777, 9, 9),
        out -> new TestTar().symlink("a", "b").symlink("b", out.toString()).file("a/new", "x"),
        out -> new TestTar().symlink("a", out.toString()).file("a/.wh.passwd", ""),
        out -> new TestTar().symlink("a", out.toString()).file("a/.wh..wh..opq", ""),
        out -> new TestTar().hardLink("h", "../canary/passwd").file("h", "hacked"),
        out -> new TestTar().hardLink("h", "/etc/shadow"),
        out -> new TestTar().symlink("s", out.toString()).hardLink("h", "s/passwd"),
        out -> new TestTar().file("d/.wh...", ""),
        out -> new TestTar().file("d/.wh.", ""),
        out -> new TestTar().file("d/.wh..", ""),
        out -> new TestTar().file("n".repeat(256), "x"),
        out -> new TestTar().file("d/".repeat(300) + "x", "x"),
        out -> new TestTar().directory("full").file("full/x", "x").file("full", "x"),
        out -> new TestTar().file("f", "x").file("f/below", "x"));
  }

  @ParameterizedTest
  @MethodSource
  void hostile(Function<Path, TestTar> archive) {
    assertThatThrownBy(() -> extract(archive.apply(canary)))
        .hasMessageContaining("image.unsafe-entry");
  }

  @Test
  void absoluteNamesStayInside() throws IOException {
    extract(new TestTar().file("/escaped-by-extraction", "x"));
    assertThat(root.resolve("escaped-by-extraction")).hasContent("x");
  }

  @Test
  void linkToAPlaceOutsideIsOnlyText() throws IOException {
    extract(new TestTar().symlink("s", canary + "/passwd").hardLink("h", "s"));
    assertThat(status("h").isSymlink()).isTrue();
    assertThat(Files.getAttribute(canary.resolve("passwd"), "unix:nlink")).isEqualTo(1);
  }

  @Test
  void modeOfALinksTargetIsNotChanged() throws IOException {
    extract(new TestTar().directory("a").symlink("b", canary + "/dir").directory("b", 0700, 5, 5));
    assertThat(status("b").isDirectory()).isTrue();
  }

  @Test
  void limitsHold() {
    TestTar many = new TestTar();
    for (int i = 0; i < 20; i++) {
      many.file("f" + i, "x");
    }
    assertThatThrownBy(() -> extract(many.stream(), new ExtractLimits(1000, 10)))
        .hasMessageContaining("image.too-large");
    TestTar large = new TestTar().file("large", new byte[2000], 0644, 0, 0);
    assertThatThrownBy(() -> extract(large.stream(), new ExtractLimits(1000, 10)))
        .hasMessageContaining("image.too-large");
  }

  @Test
  void foldersThatNobodyNamedCountToo() {
    TestTar deep = new TestTar();
    for (int i = 0; i < 5; i++) {
      deep.file(i + "/a".repeat(100) + "/f", "x");
    }
    assertThatThrownBy(() -> extract(deep.stream(), new ExtractLimits(1000, 400)))
        .hasMessageContaining("image.too-large");
  }

  @ParameterizedTest
  @ValueSource(strings = {"directory", "name-bytes"})
  void anArchiveWithMoreNamesThanALayerMayHaveIsRefusedAndLeavesNothing(String limit)
      throws IOException {
    boolean wide = limit.equals("directory");
    NameRoom.Limits limits = new NameRoom.Limits(1000, wide ? 1 << 20 : 2000, wide ? 40 : 1000, 9);
    TestTar many = new TestTar().file("d/f", "x");
    for (int i = 0; i < 45; i++) {
      many.hardLink("d/" + i + "n".repeat(60), "d/f");
    }
    LayerStore layers = new LayerStore(temp.resolve("data"));
    assertThatThrownBy(() -> LayerUnpacker.unpack(layers, limits, many.stream()))
        .hasMessageContaining("image.too-large");
    assertThat(temp.resolve("data/tmp")).isEmptyDirectory();
    assertThat(temp.resolve("data/layers")).isEmptyDirectory();
  }

  @Test
  void attributesOfOneFileHaveALimitTogether() throws IOException {
    TestTar tar = new TestTar();
    tar.withAttribute("a", "x", "user.note", "n".repeat(600));
    extract(tar);
    NameRoom small = new NameRoom(new NameRoom.Limits(10, 1000, 10, 500));
    try (Directory directory = Directory.open(root);
        NameRoom.Share room = small.share()) {
      assertThatThrownBy(() -> LayerTar.measure(directory, room))
          .hasMessageContaining("build.too-many-attributes")
          .hasMessageContaining("/a");
    }
  }

  @Test
  void concatenatedGzipMembersAreOneStream() throws IOException {
    byte[] tar = new TestTar().file("a", "hello").bytes();
    ByteArrayOutputStream members = new ByteArrayOutputStream();
    for (int half = 0; half < 2; half++) {
      try (GZIPOutputStream gzip = new GZIPOutputStream(members)) {
        gzip.write(Arrays.copyOfRange(tar, half * tar.length / 2, (half + 1) * tar.length / 2));
      }
    }
    extract(new ByteArrayInputStream(members.toByteArray()), ExtractLimits.LAYER);
    assertThat(root.resolve("a")).hasContent("hello");
  }

  @Test
  void damagedArchivesAreRefused() throws IOException {
    byte[] tar = new TestTar().file("a", "hello").file("b", "world").bytes();
    byte[] flipped = tar.clone();
    flipped[3] ^= 1;
    assertThatThrownBy(() -> extract(new ByteArrayInputStream(flipped), ExtractLimits.LAYER))
        .hasMessageContaining("image.bad-archive");
    LayerStore layers = new LayerStore(temp.resolve("data"));
    for (int cut : new int[] {100, 700, 1300}) {
      InputStream part = new ByteArrayInputStream(Arrays.copyOf(tar, cut));
      assertThatThrownBy(() -> LayerUnpacker.unpack(layers, TestRoom.LIMITS, part))
          .hasMessageContaining("image.bad-archive");
    }
    assertThat(temp.resolve("data/tmp")).isEmptyDirectory();
    assertThat(temp.resolve("data/layers")).isEmptyDirectory();
  }

  /** A header of the PAX kind, with any records in it. */
  private static byte[] paxHeader(char type, byte[] records) {
    TestTar tar = new TestTar().file("pax", records, 0644, 0, 0);
    byte[] all = tar.bytes();
    byte[] blocks = Arrays.copyOf(all, 512 + (records.length + 511) / 512 * 512);
    blocks[156] = (byte) type;
    return checked(blocks);
  }

  /** With the checksum that its first block should have. */
  private static byte[] checked(byte[] blocks) {
    Arrays.fill(blocks, 148, 156, (byte) ' ');
    int sum = 0;
    for (int i = 0; i < 512; i++) {
      sum += blocks[i] & 0xff;
    }
    byte[] octal = String.format("%06o\0 ", sum).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(octal, 0, blocks, 148, 8);
    return blocks;
  }

  @ParameterizedTest
  @ValueSource(chars = {'x', 'g'})
  void headersWithoutEndAreCutOff(char type) {
    ByteArrayOutputStream tar = new ByteArrayOutputStream();
    for (int i = 0; i < 40; i++) {
      String record = "x" + i + "=" + "v".repeat(60_000) + "\n";
      int length = record.length() + 6;
      tar.writeBytes(paxHeader(type, (length + " " + record).getBytes(StandardCharsets.US_ASCII)));
    }
    tar.writeBytes(new TestTar().file("a", "x").bytes());
    assertThatThrownBy(
            () -> extract(new ByteArrayInputStream(tar.toByteArray()), ExtractLimits.LAYER))
        .hasMessageContaining("image.bad-archive")
        .hasMessageContaining("headers are longer");
  }

  /** Thousands of records that apply to each of thousands of entries: a while, if all were kept. */
  @Test
  void recordsThatSayNothingAreNotKeptAndOthersAreFew() throws IOException {
    StringBuilder nothing = new StringBuilder();
    StringBuilder attributes = new StringBuilder();
    for (int i = 100_000; i < 160_000; i++) {
      nothing.append("12 ").append(i).append("=x\n");
    }
    for (int i = 1000; i < 1300; i++) {
      attributes.append("28 SCHILY.xattr.user.").append(i).append("=x\n");
    }
    ByteArrayOutputStream tar = new ByteArrayOutputStream();
    tar.writeBytes(paxHeader('g', nothing.toString().getBytes(StandardCharsets.US_ASCII)));
    TestTar files = new TestTar();
    for (int i = 0; i < 5000; i++) {
      files.file("f" + i, "");
    }
    tar.writeBytes(files.bytes());
    Assertions.assertTimeoutPreemptively(
        java.time.Duration.ofSeconds(30),
        () -> extract(new ByteArrayInputStream(tar.toByteArray()), ExtractLimits.LAYER));

    ByteArrayOutputStream many = new ByteArrayOutputStream();
    many.writeBytes(paxHeader('x', attributes.toString().getBytes(StandardCharsets.US_ASCII)));
    many.writeBytes(new TestTar().file("a", "x").bytes());
    assertThatThrownBy(
            () -> extract(new ByteArrayInputStream(many.toByteArray()), ExtractLimits.LAYER))
        .hasMessageContaining("image.bad-archive")
        .hasMessageContaining("records");
  }

  /** Blocks that could follow each other for ever, and what stops them. */
  private static Stream<Arguments> endless() {
    byte[] zeros = new byte[6000];
    ByteArrayOutputStream many = new ByteArrayOutputStream();
    for (int i = 0; i < 1000; i++) {
      many.writeBytes(("11 k" + (1000 + i) + "=v\n").getBytes(StandardCharsets.US_ASCII));
    }
    byte[] folder = Arrays.copyOf(new TestTar().directory("a").bytes(), 512);
    byte[] whiteout = content("a/.wh.b", 1 << 20);
    byte[] rootFile = content("x", 1 << 20);
    rootFile[0] = '.';
    checked(rootFile);
    byte[] xattr =
        Arrays.copyOf(
            new TestTar().withAttribute("a", "", "user.x", "v".repeat(3000)).bytes(), 4096);
    return Stream.of(
        Arguments.of("empty headers of entries", paxHeader('x', new byte[0]), "headers are longer"),
        Arguments.of("empty global headers", paxHeader('g', new byte[0]), "headers are longer"),
        Arguments.of("empty long names", paxHeader('L', new byte[0]), "headers are longer"),
        Arguments.of("empty long links", paxHeader('K', new byte[0]), "headers are longer"),
        Arguments.of("headers of zeros", paxHeader('x', zeros), "headers are longer"),
        Arguments.of(
            "records of an entry", paxHeader('x', many.toByteArray()), "headers are longer"),
        Arguments.of("global records", paxHeader('g', many.toByteArray()), "headers are longer"),
        Arguments.of("one folder", folder, "more than 5000 entries"),
        Arguments.of("whiteouts with content", whiteout, "unpacks to more than"),
        Arguments.of("content of the root", rootFile, "unpacks to more than"),
        Arguments.of("attributes", xattr, "unpacks to more than"));
  }

  /** A file without the end of an archive. */
  private static byte[] content(String path, int size) {
    byte[] tar = new TestTar().file(path, new byte[size], 0644, 0, 0).bytes();
    return Arrays.copyOf(tar, 512 + size);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("endless")
  @Timeout(60)
  void whatCouldFollowForEverIsCutOff(String what, byte[] block, String reason) {
    ExtractLimits limits = new ExtractLimits(8 << 20, 5000);
    assertThatThrownBy(() -> extract(new Repeated(block), limits)).hasMessageContaining(reason);
  }

  /** The same bytes again and again, a gigabyte of them. */
  private static final class Repeated extends InputStream {
    private final byte[] block;
    private long at;

    Repeated(byte[] block) {
      this.block = block;
    }

    @Override
    public int read() {
      return at == 1 << 30 ? -1 : block[(int) (at++ % block.length)] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      int n = 0;
      for (int next = 0; n < length && next >= 0; n += next < 0 ? 0 : 1) {
        next = read();
        if (next >= 0) {
          target[offset + n] = (byte) next;
        }
      }
      return n == 0 && length > 0 ? -1 : n;
    }
  }

  @Test
  void emptyMembersOfGzipDoNotUseUpTheStack() throws IOException {
    ByteArrayOutputStream member = new ByteArrayOutputStream();
    new GZIPOutputStream(member).close();
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < 200_000; i++) {
      all.writeBytes(member.toByteArray());
    }
    assertThatThrownBy(
            () -> extract(new ByteArrayInputStream(all.toByteArray()), ExtractLimits.LAYER))
        .hasMessageContaining("image.bad-archive");
    ByteArrayOutputStream few = new ByteArrayOutputStream();
    few.writeBytes(member.toByteArray());
    try (GZIPOutputStream gzip = new GZIPOutputStream(few)) {
      gzip.write(new TestTar().file("a", "hello").bytes());
    }
    few.writeBytes(member.toByteArray());
    extract(new ByteArrayInputStream(few.toByteArray()), ExtractLimits.LAYER);
    assertThat(root.resolve("a")).hasContent("hello");
  }

  @Test
  void moreDirectoriesThanFitInMemoryAreRefused() throws IOException {
    String deep = ("d".repeat(200) + "/").repeat(15);
    // A PAX header's two parts and the entry, without the end of the archive.
    byte[] one = Arrays.copyOf(new TestTar().directory(deep).bytes(), 512 + 3072 + 512);
    InputStream again =
        new java.io.SequenceInputStream(
            java.util.Collections.enumeration(
                java.util.Collections.nCopies(20_000, one).stream()
                    .map(bytes -> (InputStream) new ByteArrayInputStream(bytes))
                    .toList()));
    assertThatThrownBy(() -> extract(again, ExtractLimits.LAYER))
        .hasMessageContaining("image.too-large");
  }

  @ParameterizedTest
  @ValueSource(strings = {"security.capability", "user.x"})
  void attributeThatCannotBeStoredIsAProblem(String attribute) {
    String value = attribute.startsWith("user") ? "v".repeat(70_000) : "no capability";
    assertThatThrownBy(() -> extract(new TestTar().withAttribute("a", "x", attribute, value)))
        .hasMessageContaining("image.unsafe-entry");
  }

  @Test
  void damagedZstdIsRefused() throws IOException {
    byte[] good = com.github.luben.zstd.Zstd.compress(new TestTar().file("a", "hello").bytes());
    LayerStore layers = new LayerStore(temp.resolve("data"));
    byte[] flipped = good.clone();
    flipped[good.length / 2] ^= 0x55;
    // Frame header of a window of 2^31 bytes (RFC 8878, 3.1.1.1.2).
    byte[] huge = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, (byte) (21 << 3), 1, 0, 0};
    for (byte[] bad : List.of(flipped, Arrays.copyOf(good, good.length - 4), huge)) {
      assertThatThrownBy(
              () -> LayerUnpacker.unpack(layers, TestRoom.LIMITS, new ByteArrayInputStream(bad)))
          .hasMessageContaining("image.bad-archive");
    }
    assertThat(temp.resolve("data/tmp")).isEmptyDirectory();
  }

  @Test
  void gzipBombIsRefused() throws IOException {
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    byte[] zeros = new byte[1 << 20];
    TestTar header = new TestTar();
    byte[] first = Arrays.copyOf(header.file("zeros", "").bytes(), 512);
    // A size of 3 GiB in octal, and the checksum that goes with it.
    System.arraycopy("30000000000\0".getBytes(StandardCharsets.US_ASCII), 0, first, 124, 12);
    Arrays.fill(first, 148, 156, (byte) ' ');
    int sum = 0;
    for (byte b : first) {
      sum += b & 0xff;
    }
    System.arraycopy(
        String.format("%06o\0 ", sum).getBytes(StandardCharsets.US_ASCII), 0, first, 148, 8);
    try (GZIPOutputStream gzip = new GZIPOutputStream(bomb)) {
      gzip.write(first);
      for (int i = 0; i < 1200; i++) {
        gzip.write(zeros);
      }
    }
    assertThatThrownBy(
            () -> extract(new ByteArrayInputStream(bomb.toByteArray()), ExtractLimits.LAYER))
        .hasMessageContaining("image.too-large");
  }

  @Test
  void layerTarOfAnExtractedLayerIsStable() throws IOException {
    extract(
        new TestTar()
            .directory("d", 0750, 1, 2)
            .file("d/.wh.gone", "")
            .file("d/e/.wh..wh..opq", "")
            .file("d/f", "content")
            .hardLink("d/g", "d/f")
            .symlink("d/s", "f"));
    Path again = Files.createDirectory(temp.resolve("again"));
    try (Directory first = Directory.open(root);
        Directory second = Directory.open(again)) {
      ByteArrayOutputStream tar = new ByteArrayOutputStream();
      LayerTar.Measure measure = LayerTar.write(first, tar, TestRoom.share());
      assertThat(measure.tarBytes()).isEqualTo(tar.size());
      assertThat(measure.bytes()).isEqualTo(7);
      new Extraction(
              new TarReader(new ByteArrayInputStream(tar.toByteArray())),
              second,
              ExtractLimits.LAYER)
          .run();
      assertThat(LayerTar.measure(second, TestRoom.share())).isEqualTo(measure);
    }
  }
}
