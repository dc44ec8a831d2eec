package dev.paas.runtime.solve.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FileModeTest {

  private static final List<Integer> MODES = List.of(0644, 0755, 0600, 0, 0444, 0711, 01777);

  /** chmod(1) of GNU leaves this on a directory where POSIX does not ask for that. */
  private static final int SETUID = 04755;

  /** As chmod(1) of this host makes it, for a file and for a directory. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "755",
        "0755",
        "1777",
        "u=rwX,go=rX",
        "a+x",
        "go-w",
        "ugo=r",
        "u+s",
        "g+s",
        "+t",
        "o=",
        "u=rw+X",
        "g=u",
        "o=g-w",
        "u-x,g+w",
        "a=rwx",
        "uo+X",
        "a=,u+r"
      })
  void changesAsChmodDoes(String written, @TempDir Path folder) throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    Path directory = Files.createDirectory(folder.resolve("directory"));
    compare(written, file, SETUID, false);
    for (int mode : MODES) {
      compare(written, file, mode, false);
      compare(written, directory, mode, true);
    }
  }

  private static void compare(String written, Path path, int mode, boolean directory)
      throws Exception {
    chmod(Integer.toOctalString(mode), path);
    int before = permissions(path);
    chmod(written, path);
    assertThat(Integer.toOctalString(FileMode.parse(written).of(before, directory)))
        .as("%o, %s", before, path.getFileName())
        .isEqualTo(Integer.toOctalString(permissions(path)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rwx", "99", "u+q", "u", ",", "u+r,", "77777", "-1", "u=gx", " 755"})
  void refusesWhatIsNoMode(String written) {
    assertThatThrownBy(() -> FileMode.parse(written)).hasMessageContaining("build.bad-mode");
  }

  private static int permissions(Path path) throws Exception {
    return (int) Files.getAttribute(path, "unix:mode") & 07777;
  }

  /** Without the caller's mask, as for a copy that has none. */
  private static void chmod(String mode, Path path) throws Exception {
    Process chmod =
        new ProcessBuilder(
                "sh", "-c", "umask 0; exec chmod -- \"$1\" \"$2\"", "sh", mode, path.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(chmod.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(chmod.waitFor()).as(said).isZero();
  }
}
