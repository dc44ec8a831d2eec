package dev.paas.base.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableFileTest {

  @TempDir Path directory;

  @Test
  void neverWrittenIsEmpty() throws Exception {
    assertThat(new DurableFile(directory.resolve("absent")).read()).isEmpty();
  }

  @Test
  void newContentReplacesTheOldAndLeavesNothingBeside() throws Exception {
    DurableFile file = new DurableFile(directory.resolve("state"));
    file.write("one, and longer");
    file.write("two");
    assertThat(file.readString()).hasValue("two");
    assertThat(directory)
        .isDirectoryContaining("glob:**/state")
        .isDirectoryNotContaining("glob:**/*.tmp");
  }

  @Test
  void leftOverOfACrashIsOverwritten() throws Exception {
    Files.writeString(directory.resolve("state.tmp"), "torn");
    DurableFile file = new DurableFile(directory.resolve("state"));
    file.write("whole");
    assertThat(file.readString()).hasValue("whole");
  }

  @Test
  void contentIsForItsOwnerAlone() throws Exception {
    DurableFile file = new DurableFile(directory.resolve("secret"));
    file.write("x");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path())))
        .isEqualTo("rw-------");
  }
}
