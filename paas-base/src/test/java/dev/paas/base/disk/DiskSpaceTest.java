package dev.paas.base.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.base.problem.PaasException;
import dev.paas.base.settings.DataSize;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DiskSpaceTest {

  private static final DataSize MORE_THAN_ANY_DISK = new DataSize(Long.MAX_VALUE);

  @TempDir Path folder;

  @Test
  void whatIsLeftOfTheReserveIsNotForThoseWhoCanWait() {
    DiskSpace disk = new DiskSpace(folder, MORE_THAN_ANY_DISK);
    assertThat(disk.isShort()).isTrue();
    assertThatThrownBy(disk::require)
        .isInstanceOfSatisfying(
            PaasException.class,
            refused -> assertThat(refused.problem().code()).isEqualTo("disk.full"));
  }

  @Test
  void thereIsRoomAboveTheReserveAndWhereNothingIsYet() {
    assertThat(new DiskSpace(folder, new DataSize(0)).isShort()).isFalse();
    assertThatCode(new DiskSpace(folder.resolve("none"), MORE_THAN_ANY_DISK)::require)
        .doesNotThrowAnyException();
  }

  @Test
  void theKernelsWordsAreFoundUnderCausesAndSuppressedOnes() {
    IOException full = new IOException("/var/lib/paas/git: No space left on device");
    Exception hidden = new IllegalStateException("bad");
    hidden.addSuppressed(new UncheckedIOException(new IOException("Disk quota exceeded")));
    assertThat(DiskSpace.isFull(new UncheckedIOException(full))).isTrue();
    assertThat(DiskSpace.isFull(hidden)).isTrue();
    assertThat(DiskSpace.isFull(new IOException("Input/output error"))).isFalse();
    assertThat(DiskSpace.isFull(new IllegalStateException("No space left on device"))).isFalse();
  }
}
