package dev.paas.acceptance.platform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** The one platform of the fault tests: it has fault points, and waits less for apps. */
public final class FaultPlatform extends SharedPlatform {
  /** An app may take that long to listen, on a busy machine too; the default is a minute. */
  private static final String DEPLOY = "\n[deploy]\nboot-timeout = \"20s\"\n";

  /** The disks of these tests are small. */
  private static final String PLATFORM = "[platform]\ndisk-reserve = \"1MiB\"\n";

  public FaultPlatform() {
    super("fault platform", FaultPlatform::up);
  }

  private static Platform up() {
    Platform platform = Platform.up(List.of("--fault-points"));
    try {
      Path settings = platform.folder().resolve("paas.toml");
      String written = Files.readString(settings);
      Files.writeString(settings, written.replace("[platform]\n", PLATFORM) + DEPLOY);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    platform.kill("paasd");
    platform.awaitReady();
    return platform;
  }

  /** Has {@code paasd} break once, at a point and in a way: {@code push.accepted:crash}. */
  public static void arm(Platform platform, String fault) {
    try {
      Path folder = platform.folder().resolve("run/api");
      Path file = Files.writeString(folder.resolve(".fault"), fault);
      Files.move(file, folder.resolve("fault"), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether the armed fault has happened. */
  public static boolean fired(Platform platform) {
    return !Files.exists(platform.folder().resolve("run/api/fault"));
  }
}
