package dev.paas.acceptance.threat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.acceptance.platform.Aftermath;
import dev.paas.acceptance.platform.Command;
import dev.paas.acceptance.platform.GitApp;
import dev.paas.acceptance.platform.Platform;
import dev.paas.acceptance.platform.SharedPlatform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What apps write, seen by another account of the host: an app's build and its instance make
 * programs with setuid bits and file capabilities wherever they may write. Root lists every file of
 * the platform, also those that a later version adds, and the other account tries each by its name.
 */
@ExtendWith(SharedPlatform.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class UnreachableThreatIT {

  private static final String OTHER_USER = "64999";

  /** Makes programs that whoever executes them would become root by, in each of the folders. */
  private static final String PLANT =
      """
      #!/usr/bin/perl
      for my $folder (@ARGV) {
        for my $name ("$folder/planted-setuid", "$folder/planted-capable") {
          system("cp", "/usr/bin/id", $name) == 0 or die "$name: $!";
        }
        chmod 04755, "$folder/planted-setuid" or die "$folder: $!";
        my $call = `uname -m` =~ /aarch64/ ? 5 : 188;
        my ($file, $key) = ("$folder/planted-capable", "security.capability");
        my $all = pack("V5", 0x02000001, 0xffffffff, 0, 0xffffffff, 0);
        syscall($call, $file, $key, $all, length $all, 0);
      }
      """;

  private static final String DOCKERFILE =
      """
      FROM debian:bookworm-slim
      COPY plant serve /
      RUN perl /plant / /var/tmp
      RUN cp /plant /held && while [ -e /held ]; do sleep 0.1; done
      CMD ["perl", "/serve"]
      """;

  private static final String SERVE =
      """
      #!/usr/bin/perl
      use Socket;
      system("perl", "/plant", "/", "/tmp", "/dev/shm") == 0 or die;
      socket(my $door, PF_INET, SOCK_STREAM, 6) or die $!;
      bind($door, sockaddr_in($ENV{PORT}, INADDR_ANY)) or die $!;
      listen($door, 5) or die $!;
      while (accept(my $caller, $door)) { close $caller }
      """;

  /**
   * Tries each name of its standard input, which are parted by NUL, and prints what it can do with
   * it.
   */
  private static final String TRY =
      """
      use Fcntl ':mode';
      $/ = "\\0";
      while (my $path = <STDIN>) {
        chomp $path;
        my @status = lstat($path) or next;
        my $mode = $status[2];
        my @can;
        if (S_ISDIR($mode)) {
          push @can, "list" if opendir(my $folder, $path);
        } elsif (S_ISREG($mode)) {
          push @can, "read" if open(my $file, "<", $path);
          push @can, "execute" if -x $path;
        } elsif (!S_ISLNK($mode)) {
          push @can, "open" if -r $path;
        }
        push @can, "write" if !S_ISLNK($mode) && -w $path;
        print "@can: $path\\n" if @can;
      }
      """;

  /** A line of mountinfo: the mount point and the options of the mount. */
  private static final Pattern MOUNT = Pattern.compile("\\S+ \\S+ \\S+ \\S+ (\\S+) (\\S+) .*");

  private final Platform platform;
  private final GitApp app;
  private final Path visible;

  UnreachableThreatIT(Platform platform) throws IOException {
    this.platform = platform;
    this.app =
        GitApp.of(
            platform, "planter", Map.of("plant", PLANT, "serve", SERVE, "Dockerfile", DOCKERFILE));
    this.visible = Files.writeString(platform.scratch().resolve("visible"), "to everybody\n");
    Files.setPosixFilePermissions(visible, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @AfterAll
  void clean() throws IOException {
    app.close();
    Files.delete(visible);
    Aftermath.isClean(platform);
  }

  /** T27 in docs/reliability.md. */
  @Test
  void nothingThatAppsWriteIsReachedByAnotherAccountOfTheHost() throws IOException {
    Path store = platform.folder().resolve("data/runtime");
    try (Command.Running push = app.push().start()) {
      List<Path> building = awaitNames(store, "held");
      assertThat(building).as("a step that runs").anySatisfy(held -> unreachable(held));
      nothingIsReached("planted-setuid");
      everyMountTakesRightsAway();
      for (long pid : contained()) {
        Files.deleteIfExists(Path.of("/proc", Long.toString(pid), "root/held"));
      }
      Command.Outcome pushed = push.await(Duration.ofMinutes(3));
      assertThat(pushed.exit()).as(pushed.all()).isZero();
    }
    awaitNames(store.resolve("instances"), "planted-capable");
    nothingIsReached("planted-setuid");
    everyMountTakesRightsAway();

    app.write("Dockerfile", DOCKERFILE.replaceAll("RUN cp /plant /held.*\n", "RUN exit 7\n"));
    app.commit("Decline");
    app.push().fail();
    nothingIsReached("planted-setuid");
  }

  /** T27 in docs/reliability.md. */
  @Test
  void foldersThatAnOlderVersionLeftOpenAreClosedBeforeTheDaemonListens() throws IOException {
    Path store = platform.folder().resolve("data/runtime");
    List<Path> folders =
        List.of(store, store.resolve("layers"), store.resolve("tmp"), store.resolve("instances"));
    for (Path folder : folders) {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
    }
    platform.kill("paas-runtimed");
    platform.awaitReady();
    for (Path folder : folders) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
          .as(folder.toString())
          .isEqualTo("rwx------");
    }
  }

  /** Files of this name that root finds below a folder, as soon as there is one. */
  private static List<Path> awaitNames(Path folder, String name) {
    List<Path> found = new ArrayList<>();
    Awaitility.await(name + " below " + folder)
        .atMost(Duration.ofMinutes(2))
        .until(
            () -> {
              Command.of("find", folder.toString(), "-name", name)
                  .run()
                  .out()
                  .lines()
                  .map(Path::of)
                  .forEach(found::add);
              return !found.isEmpty();
            });
    return found;
  }

  private void unreachable(Path path) {
    assertThat(path).exists();
    assertThat(reached(path + "\0")).isEmpty();
  }

  /**
   * Every name of the platform, tried by the other account.
   *
   * @param planted is among them, or the list is not what it should be
   */
  private void nothingIsReached(String planted) {
    String names = names();
    assertThat(names).contains("/" + planted + "\0").contains("/db/").contains("/git/");
    assertThat(reached(names)).isEmpty();
    // The question is a good one: what lies open is found so.
    assertThat(reached(visible + "\0")).containsExactly("read execute: " + visible);
  }

  /** What root finds in the folders of the platform; what comes and goes meanwhile is no matter. */
  private String names() {
    return Command.of(
            "find",
            platform.folder().resolve("data").toString(),
            platform.folder().resolve("run").toString(),
            platform.folder().resolve("log").toString(),
            "!",
            "-path",
            platform.folder() + "/run/paas*.pid",
            "-print0")
        .run()
        .out();
  }

  private List<String> reached(String names) {
    return Command.of(
            "setpriv",
            "--reuid=" + OTHER_USER,
            "--regid=" + OTHER_USER,
            "--clear-groups",
            "perl",
            "-e",
            TRY)
        .reading(names)
        .succeed()
        .out()
        .lines()
        .toList();
  }

  /**
   * Where the files of apps are mounted, for the runtime and in every container: by such a mount no
   * program gets rights from its file, and no device opens.
   */
  private void everyMountTakesRightsAway() throws IOException {
    Path instances = platform.folder().resolve("run/instances");
    List<String> own = mounts(platform.pid("paas-runtimed"));
    List<String> ofApps =
        own.stream().filter(line -> point(line).startsWith(instances.toString())).toList();
    assertThat(ofApps).as("the runtime's mounts").hasSizeGreaterThan(1);
    assertThat(ofApps).allSatisfy(line -> assertThat(options(line)).contains("nosuid", "nodev"));
    List<Long> contained = contained();
    assertThat(contained).as("processes in containers").isNotEmpty();
    for (long pid : contained) {
      // What the OCI runtime puts over files of the kernel is for reading.
      assertThat(mounts(pid))
          .allSatisfy(line -> assertThat(options(line)).containsAnyOf("nosuid", "ro"));
      assertThat(mounts(pid))
          .filteredOn(line -> List.of("/", "/tmp", "/dev/shm").contains(point(line)))
          .allSatisfy(line -> assertThat(options(line)).contains("nosuid", "nodev"));
    }
  }

  private static List<String> mounts(long pid) {
    try {
      return Files.readAllLines(Path.of("/proc", Long.toString(pid), "mountinfo"), UTF_8);
    } catch (IOException ended) {
      return List.of();
    }
  }

  private static String point(String line) {
    return matched(line).group(1);
  }

  private static List<String> options(String line) {
    return Arrays.asList(matched(line).group(2).split(","));
  }

  private static Matcher matched(String line) {
    Matcher mount = MOUNT.matcher(line);
    assertThat(mount.matches()).as(line).isTrue();
    return mount;
  }

  /** Processes whose user is of one of the ranges that this platform gives to apps. */
  private List<Long> contained() throws IOException {
    String settings = Files.readString(platform.folder().resolve("paas.toml"));
    long first = Long.parseLong(settings.replaceAll("(?s).*uid-base = (\\d+).*", "$1"));
    long ranges = Long.parseLong(settings.replaceAll("(?s).*uid-ranges = (\\d+).*", "$1"));
    return Command.of("ps", "-eo", "pid=,uid=")
        .succeed()
        .out()
        .lines()
        .map(line -> line.strip().split(" +"))
        .filter(words -> Long.parseLong(words[1]) >= first)
        .filter(words -> Long.parseLong(words[1]) < first + ranges * 65_536)
        .map(words -> Long.valueOf(words[0]))
        .toList();
  }
}
