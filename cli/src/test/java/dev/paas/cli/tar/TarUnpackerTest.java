package dev.paas.cli.tar;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a hostile instance may put into a tar, and that nothing of it leaves the destination. */
final class TarUnpackerTest {

  private static final Instant THEN = Instant.parse("2020-02-03T04:05:06Z");

  @TempDir Path folder;

  private final List<String> told = new ArrayList<>();
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private Path outside = Path.of("/");
  private Path target = Path.of("/");

  @BeforeEach
  void places() throws IOException {
    outside = Files.createDirectory(folder.resolve("outside"));
    Files.writeString(outside.resolve("precious"), "mine");
    target = Files.createDirectory(folder.resolve("here")).resolve("srv");
  }

  /** One member of a tar. */
  private record Member(String name, byte kind, String link, String content) {

    static Member file(String name, String content) {
      return new Member(name, TarConstants.LF_NORMAL, "", content);
    }

    static Member link(String name, String to) {
      return new Member(name, TarConstants.LF_SYMLINK, to, "");
    }

    static Member hard(String name, String to) {
      return new Member(name, TarConstants.LF_LINK, to, "");
    }

    static Member of(String name, byte kind) {
      return new Member(name, kind, "", "");
    }
  }

  private TarUnpacker unpack(List<Member> members) throws IOException {
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, UTF_8.name())) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
      for (Member member : members) {
        TarArchiveEntry entry = new TarArchiveEntry(member.name(), member.kind(), true);
        entry.setLinkName(member.link());
        entry.setMode(member.kind() == TarConstants.LF_DIR ? 0750 : 04640);
        entry.setModTime(FileTime.from(THEN));
        byte[] content = member.content().getBytes(UTF_8);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
      }
    }
    return unpack(bytes.toByteArray());
  }

  private TarUnpacker unpack(byte[] tar) throws IOException {
    TarUnpacker unpacker = new TarUnpacker("srv", target, told::add);
    unpacker.unpack(new ByteArrayInputStream(tar));
    return unpacker;
  }

  static Stream<List<Member>> hostile() {
    return Stream.of(
        List.of(Member.file("srv/../../outside/precious", "theirs")),
        List.of(Member.file("../outside/precious", "theirs")),
        List.of(Member.file("/srv/a", "theirs")),
        List.of(Member.file("other/a", "theirs")),
        List.of(Member.file("", "theirs")),
        List.of(Member.link("srv/out", "../../outside"), Member.file("srv/out/precious", "theirs")),
        List.of(Member.link("srv/out", "/etc")),
        List.of(Member.link("srv/a", "b"), Member.link("srv/b", "../../outside/precious")),
        List.of(Member.link("srv", "../outside"), Member.file("srv/precious", "theirs")),
        List.of(Member.hard("srv/mine", "../outside/precious")),
        List.of(Member.hard("srv/mine", "srv/../../outside/precious")),
        List.of(Member.hard("srv/mine", "/etc/passwd")),
        List.of(Member.hard("srv/mine", "srv/nosuch")),
        List.of(Member.of("srv/device", TarConstants.LF_CHR)),
        List.of(Member.of("srv/disk", TarConstants.LF_BLK)),
        List.of(Member.of("srv/pipe", TarConstants.LF_FIFO)),
        List.of(Member.file("srv/" + "a/".repeat(3000) + "b", "deep")),
        List.of(Member.file("srv/a", "file"), Member.file("srv/a/b", "below a file")));
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void nothingLeavesTheDestinationAndItIsTold(List<Member> members) throws IOException {
    TarUnpacker unpacker = unpack(members);
    assertThat(unpacker.isComplete()).isFalse();
    assertThat(told).isNotEmpty().allMatch(line -> line.startsWith("left out: "));
    assertThat(outside.resolve("precious")).hasContent("mine");
    assertThat(names(outside)).containsExactly("precious");
    assertThat(names(target.resolveSibling("."))).isSubsetOf("srv");
    try (Stream<Path> all = Files.walk(folder.resolve("here"))) {
      assertThat(all.filter(Files::isSymbolicLink))
          .allMatch(link -> link.normalize().startsWith(target));
    }
  }

  private static List<String> names(Path of) throws IOException {
    try (Stream<Path> all = Files.list(of)) {
      return all.map(each -> each.getFileName().toString()).toList();
    }
  }

  @Test
  void linkThatIsThereAlreadyIsNotFollowed() throws IOException {
    Files.createDirectory(target);
    Files.createSymbolicLink(target.resolve("out"), outside);
    Files.createSymbolicLink(target.resolve("file"), outside.resolve("precious"));
    TarUnpacker unpacker =
        unpack(
            List.of(
                Member.of("srv/out/", TarConstants.LF_DIR),
                Member.file("srv/out/precious", "theirs"),
                Member.file("srv/file", "theirs")));
    assertThat(unpacker.isComplete()).isFalse();
    assertThat(told).hasSize(2);
    assertThat(outside.resolve("precious")).hasContent("mine");
    assertThat(Files.isSymbolicLink(target.resolve("file"))).isFalse();
    assertThat(target.resolve("file")).hasContent("theirs");
  }

  @Test
  void filesFoldersAndLinksKeepWhatTheyAre() throws IOException {
    String deep = "a".repeat(120) + "/" + "ü".repeat(90);
    TarUnpacker unpacker =
        unpack(
            List.of(
                Member.of("./srv/", TarConstants.LF_DIR),
                Member.of("./srv/bin/", TarConstants.LF_DIR),
                Member.file("./srv/bin/run", "text"),
                Member.hard("./srv/bin/again", "./srv/bin/run"),
                Member.link("./srv/current", "bin/run"),
                Member.link("./srv/bin/up", "../current"),
                Member.file("./srv/" + deep, "")));
    assertThat(told).isEmpty();
    assertThat(unpacker.isComplete()).isTrue();
    assertThat(unpacker.files()).isEqualTo(7);
    Path run = target.resolve("bin/run");
    assertThat(run).hasContent("text");
    assertThat(Files.getPosixFilePermissions(run))
        .isEqualTo(PosixFilePermissions.fromString("rw-r-----"));
    assertThat(Files.getLastModifiedTime(run).toInstant()).isEqualTo(THEN);
    assertThat(Files.getLastModifiedTime(target.resolve("bin")).toInstant()).isEqualTo(THEN);
    assertThat(Files.getPosixFilePermissions(target))
        .isEqualTo(PosixFilePermissions.fromString("rwxr-x---"));
    assertThat(Files.isSameFile(run, target.resolve("bin/again"))).isTrue();
    assertThat(Files.readSymbolicLink(target.resolve("current"))).hasToString("bin/run");
    assertThat(target.resolve("bin/up")).hasContent("text");
    assertThat(target.resolve(deep)).isEmptyFile();
    assertThat(Files.exists(target.resolve(deep), LinkOption.NOFOLLOW_LINKS)).isTrue();
  }

  @Test
  void aFileThatIsPrivateIsNeverAnybodyElses() throws IOException {
    Files.createDirectory(target);
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, UTF_8.name())) {
      TarArchiveEntry entry = new TarArchiveEntry("srv/key", TarConstants.LF_NORMAL);
      entry.setMode(0644);
      entry.setSize(1 << 20);
      tar.putArchiveEntry(entry);
      tar.write(new byte[1 << 20]);
      tar.closeArchiveEntry();
    }
    List<String> seen = new ArrayList<>();
    InputStream watched =
        new FilterInputStream(new ByteArrayInputStream(bytes.toByteArray())) {
          @Override
          public int read(byte[] into, int from, int length) throws IOException {
            Path key = target.resolve("key");
            if (Files.exists(key) && Files.size(key) < 1 << 20) {
              seen.add(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)));
            }
            return super.read(into, from, length);
          }
        };
    new TarUnpacker("srv", target, told::add).unpack(watched);
    assertThat(seen).isNotEmpty().containsOnly("rw-------");
    assertThat(Files.getPosixFilePermissions(target.resolve("key")))
        .isEqualTo(PosixFilePermissions.fromString("rw-r--r--"));
  }

  @Test
  void nameWithoutEndIsRefusedBeforeTheMemoryIsFull() throws IOException {
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, UTF_8.name())) {
      TarArchiveEntry entry =
          new TarArchiveEntry(TarConstants.GNU_LONGLINK, TarConstants.LF_GNUTYPE_LONGNAME);
      byte[] name = new byte[HeadLimit.MOST * 2];
      java.util.Arrays.fill(name, (byte) 'a');
      entry.setSize(name.length);
      tar.putArchiveEntry(entry);
      tar.write(name);
      tar.closeArchiveEntry();
    }
    assertThatThrownBy(() -> unpack(bytes.toByteArray()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("too long");
  }
}
