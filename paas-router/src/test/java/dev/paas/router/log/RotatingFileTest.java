package dev.paas.router.log;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RotatingFileTest {

  private static final int OF_ONE = 1000;
  private static final int FILES = 8;

  @TempDir Path folder;
  private Path path;
  private RotatingFile file;

  @BeforeEach
  void make() {
    path = folder.resolve("access.log");
    file = fresh();
  }

  private RotatingFile fresh() {
    return new RotatingFile(path, FILES * OF_ONE);
  }

  private static void write(RotatingFile to, String lines) throws IOException {
    // Not from the first byte of an array, nor to its last.
    byte[] bytes = ("<" + lines + ">").getBytes(US_ASCII);
    to.write(bytes, 1, bytes.length - 2);
  }

  private Path numbered(int number) {
    return number == 0 ? path : folder.resolve("access.log." + number);
  }

  /** All that is kept, the oldest first. */
  private String kept() throws IOException {
    StringBuilder all = new StringBuilder();
    for (int number = FILES - 1; number >= 0; number--) {
      if (Files.exists(numbered(number))) {
        all.append(Files.readString(numbered(number)));
      }
    }
    return all.toString();
  }

  @Test
  void linesOfAnySizesAreKeptWholeOnceAndInOrderInABoundedSpace() throws IOException {
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      StringBuilder all = new StringBuilder();
      for (int i = 0; i < 300; i++) {
        StringBuilder batch = new StringBuilder();
        int lines = 1 + random.nextInt(3);
        for (int line = 0; line < lines; line++) {
          batch.append(i).append('.').append(line).append("x".repeat(random.nextInt(OF_ONE / 4)));
          batch.append('\n');
        }
        write(file, batch.toString());
        all.append(batch);
        if (random.nextInt(20) == 0) {
          file.close();
          file = fresh();
        }
      }
      String kept = kept();
      assertThat(all.toString()).as("seed %s", seed).endsWith("\n" + kept);
      assertThat(kept.length()).isBetween(4 * OF_ONE, FILES * OF_ONE);
      for (int number = 0; number < FILES; number++) {
        assertThat(Files.size(numbered(number))).isLessThanOrEqualTo(OF_ONE);
        assertThat(Files.readString(numbered(number))).endsWith("\n");
        Files.delete(numbered(number));
      }
      try (var left = Files.list(folder)) {
        assertThat(left).isEmpty();
      }
    }
  }

  @Test
  void aRotationThatWasCutShortAfterAnyStepIsCompletedAndLosesNothing() throws IOException {
    // After each step one number has no file; 8: none was taken yet.
    for (int free = 0; free <= FILES; free++) {
      List<String> before = new ArrayList<>();
      for (int number = FILES - 1; number >= 0; number--) {
        String content = number + "y".repeat(OF_ONE - 3) + "\n";
        if (number == free) {
          Files.deleteIfExists(numbered(number));
        } else {
          Files.writeString(numbered(number), content);
          before.add(content);
        }
      }
      write(fresh(), "new\n");
      if (free == FILES) {
        before.remove(0);
      }
      assertThat(kept()).as("%s is free", free).isEqualTo(String.join("", before) + "new\n");
      assertThat(Files.readString(path)).isEqualTo("new\n");
    }
  }

  @Test
  void theFileOfAProcessBeforeIsContinued() throws IOException {
    write(file, "one\n");
    write(fresh(), "two\n");
    assertThat(Files.readString(path)).isEqualTo("one\ntwo\n");
  }

  @Test
  void aLineThatAKilledWriterLeftByHalfIsEnded() throws IOException {
    Files.writeString(path, "one\ntw");
    write(file, "three\n");
    Files.writeString(path, "one\ntw\nthree\nfo");
    write(file, "five\n");
    assertThat(Files.readString(path)).isEqualTo("one\ntw\nthree\nfo\nfive\n");
  }

  @Test
  void aFileThatSomebodyMovedOrDeletedIsMadeAgain() throws IOException {
    write(file, "one\n");
    Files.move(path, folder.resolve("moved"));
    write(file, "two\n");
    Files.delete(path);
    write(file, "three\n");
    Files.writeString(folder.resolve("other"), "other\n");
    Files.move(folder.resolve("other"), path, ATOMIC_MOVE);
    write(file, "four\n");
    assertThat(Files.readString(folder.resolve("moved"))).isEqualTo("one\n");
    assertThat(Files.readString(path)).isEqualTo("other\nfour\n");
  }

  @Test
  void aFileThatSomebodyEmptiedIsWrittenFromItsBeginning() throws IOException {
    write(file, "one\n");
    Files.writeString(path, "");
    write(file, "two\n");
    assertThat(Files.readString(path)).isEqualTo("two\n");
  }

  @Test
  void twoWritersTakeTurnsAndEitherRotates() throws IOException {
    RotatingFile other = fresh();
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 30; i++) {
      String line = i + "z".repeat(190) + "\n";
      write(i % 3 == 0 ? file : other, line);
      all.append(line);
    }
    assertThat(kept()).isEqualTo(all.toString());
    assertThat(Files.exists(numbered(1))).isTrue();
  }

  @Test
  void aLinkAtItsPlaceIsNotFollowed() throws IOException {
    Path victim = Files.writeString(folder.resolve("victim"), "untouched");
    Files.createSymbolicLink(path, victim);
    assertThatThrownBy(() -> write(file, "one\n"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("access.log");
    assertThat(Files.readString(victim)).isEqualTo("untouched");
    Files.delete(path);
    Files.createSymbolicLink(path, folder.resolve("nowhere"));
    assertThatThrownBy(() -> write(file, "one\n")).isInstanceOf(IOException.class);
    assertThat(folder.resolve("nowhere")).doesNotExist();
    Files.delete(path);
    write(file, "two\n");
    assertThat(Files.readString(path)).isEqualTo("two\n");
  }

  @Test
  void othersDoNotReadIt() throws IOException {
    write(file, "one\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .startsWith("rw-")
        .endsWith("---");
  }
}
