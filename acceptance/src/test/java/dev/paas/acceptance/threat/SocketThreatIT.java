package dev.paas.acceptance.threat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.acceptance.platform.Command;
import dev.paas.acceptance.platform.Platform;
import dev.paas.acceptance.platform.SharedPlatform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Another user of the host at the daemons' sockets. */
@ExtendWith(SharedPlatform.class)
final class SocketThreatIT {

  /** {@code nobody}: a user of every host, and none of the platform's. */
  private static final String OTHER_USER = "65534";

  private static final int NO_WAY = 7;
  private static final int HEARD = 9;
  private static final int HUNG_UP = 52;

  private final Platform platform;

  SocketThreatIT(Platform platform) {
    this.platform = platform;
  }

  private List<Path> sockets() {
    Path run = platform.folder().resolve("run");
    return List.of(run.resolve("runtime/runtime.sock"), run.resolve("router/control.sock"));
  }

  /** Connects as a user, says nothing, and waits: exit code of what became of it. */
  private static int became(Path socket, String uid) {
    String script =
        "my $s = IO::Socket::UNIX->new(Peer => $ARGV[0]) or exit 7; $SIG{ALRM} = sub { exit 9 };"
            + " alarm 2; exit(sysread($s, my $byte, 1) ? 9 : 52)";
    return Command.of(
            "setpriv",
            "--reuid=" + uid,
            "--regid=" + uid,
            "--clear-groups",
            "perl",
            "-MIO::Socket::UNIX",
            "-e",
            script,
            socket.toString())
        .run()
        .exit();
  }

  private String controlUser() throws IOException {
    return Files.readString(platform.folder().resolve("paas.toml"))
        .replaceAll("(?s).*control-user = \"(\\d+)\".*", "$1");
  }

  /** T21 in docs/reliability.md. */
  @Test
  void anotherUserIsRefusedByHisUidWhateverTheFilesSay() throws IOException {
    Map<Path, Set<PosixFilePermission>> before = new LinkedHashMap<>();
    for (Path socket : sockets()) {
      for (Path path : List.of(socket.resolveSibling("").normalize(), socket)) {
        before.put(path, Files.getPosixFilePermissions(path));
      }
    }
    for (Path socket : sockets()) {
      assertThat(became(socket, OTHER_USER)).as(socket + ", files as they are").isEqualTo(NO_WAY);
    }
    try {
      for (Path path : before.keySet()) {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
      }
      for (Path socket : sockets()) {
        assertThat(became(socket, OTHER_USER)).as(socket + ", files open").isEqualTo(HUNG_UP);
        assertThat(became(socket, controlUser())).as(socket + ", by paasd's user").isEqualTo(HEARD);
      }
    } finally {
      for (Map.Entry<Path, Set<PosixFilePermission>> each : before.entrySet()) {
        Files.setPosixFilePermissions(each.getKey(), each.getValue());
      }
    }
    // Those who may speak were not disturbed.
    platform.awaitReady();
    platform.paas("apps").succeed();
  }
}
