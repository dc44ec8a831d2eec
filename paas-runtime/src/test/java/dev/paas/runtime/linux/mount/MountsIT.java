package dev.paas.runtime.linux.mount;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is mounted below a folder is found and taken away, whatever the folder is called. */
final class MountsIT {

  @Test
  void everyMountBelowAFolderIsTakenAwayAndNoneBesideIt(@TempDir Path temp) throws Exception {
    Path real = Files.createDirectories(temp.resolve("a folder\\040\twith\nnewline, \u00fc"));
    Path link = Files.createSymbolicLink(temp.resolve("link"), real);
    Path beside = Files.createDirectories(temp.resolve("beside"));
    Path lower = Files.createDirectories(temp.resolve("lower"));
    Path empty = Files.createDirectories(temp.resolve("empty"));
    Path outer = Files.createDirectories(real.resolve("outer"));
    Files.createDirectories(lower.resolve("inner"));
    for (Path target : List.of(outer, outer, outer.resolve("inner"), beside)) {
      ReadOnlyOverlay.mount(List.of(empty, lower), target);
    }
    try {
      Path seen = real.toRealPath().resolve("outer");
      assertThat(Mounts.below(link)).containsExactly(seen.resolve("inner"), seen, seen);
      Mounts.unmountBelow(link);
      assertThat(Mounts.below(real)).isEmpty();
      assertThat(outer.resolve("inner")).doesNotExist();
      assertThat(Mounts.below(beside)).hasSize(1);
      Mounts.unmountBelow(link);
    } finally {
      Mounts.unmountBelow(temp);
    }
  }

  @Test
  void belowAFolderThatIsAbsentNothingIsMounted(@TempDir Path temp) throws Exception {
    assertThat(Mounts.below(temp.resolve("absent"))).isEmpty();
  }
}
