package dev.paas.runtime.solve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.base.name.AppName;
import dev.paas.base.settings.PlatformSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CacheFoldersTest {

  private static final AppName SHOP = new AppName("shop");

  @TempDir Path data;

  @Test
  void whatAnAppHadIsNotCountedToTheNextOneOfItsName() throws IOException {
    Files.createDirectory(data.resolve("tmp"));
    CacheFolders caches = new CacheFolders(data, PlatformSettings.DEFAULTS.build());
    Path own = Files.createDirectory(data.resolve("cache/mounts/shop"));
    Files.write(own.resolve("a"), new byte[100_000]);
    assertThat(caches.bytes(SHOP)).isGreaterThanOrEqualTo(100_000);

    caches.remove(SHOP);
    assertThat(caches.bytes(SHOP)).isZero();
  }
}
