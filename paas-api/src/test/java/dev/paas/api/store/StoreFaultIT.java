package dev.paas.api.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * No acknowledged write is lost by {@code kill -9} at random points, none is there by half, and the
 * database opens unaided. F1 in docs/reliability.md.
 */
final class StoreFaultIT {

  /** As many as fit into the gate; {@code bin/soak --kills N} asks for more. */
  private static final int KILLS = Integer.getInteger("paas.store.kills", 60);

  private static final long SEED = Long.getLong("paas.store.seed", 20261124);

  /** A process is killed after so many acknowledged commits, at most, and a moment more. */
  private static final int MOST_COMMITS = 16;

  private static final int LONGEST_MOMENT_MILLIS = 8;

  /** From its start until one that shall not get far is killed. */
  private static final int LONGEST_START_MILLIS = 400;

  /** Whoever waits for many kills hears of every so many. */
  private static final int TELL_EVERY = 50;

  /** Every so many kills, one is in the middle of opening the database. */
  private static final int EARLY = 6;

  @TempDir private Path folder;

  @Test
  void everyAcknowledgedWriteIsThereAfterEveryKill() throws Exception {
    migrate();
    List<String> command = command();
    Random random = new Random(SEED);
    long[] acknowledged = new long[Writers.COUNT];
    long lived = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      lived += lifeOfOne(command, random, kill % EARLY == EARLY - 1, acknowledged, "kill " + kill);
      if ((kill + 1) % TELL_EVERY == 0) {
        System.out.printf("%d kills, %d acknowledged commits%n", kill + 1, lived);
      }
    }
    lifeOfOne(command, random, false, acknowledged, "the last one");
    assertThat(lived).as("commits of " + KILLS + " processes").isGreaterThan(KILLS);
    System.out.printf("%d kills, %d acknowledged commits, none lost%n", KILLS, lived);
  }

  /** Starts a process, looks at what it found, lets it write, kills it; counts its commits. */
  private long lifeOfOne(
      List<String> command, Random random, boolean early, long[] acknowledged, String name)
      throws IOException, InterruptedException {
    Process process = start(command, "write");
    long commits = 0;
    try (BufferedReader said = process.inputReader()) {
      int goal = early ? 0 : random.nextInt(MOST_COMMITS);
      boolean ready = early;
      while (!ready || commits < goal) {
        String line = said.readLine();
        if (line == null) {
          throw new AssertionError(name + " ended by itself: " + log());
        }
        ready |= line.equals("ready");
        commits += heed(line, acknowledged, name) ? 1 : 0;
      }
      int moment = random.nextInt(early ? LONGEST_START_MILLIS : LONGEST_MOMENT_MILLIS);
      assertThat(process.waitFor(moment, TimeUnit.MILLISECONDS)).as("it ended by itself").isFalse();
      // Not Process.destroyForcibly, which closes the pipe: what was said before must be read.
      assertThat(process.toHandle().destroyForcibly()).isTrue();
      for (String line = said.readLine(); line != null; line = said.readLine()) {
        commits += heed(line, acknowledged, name) ? 1 : 0;
      }
    } finally {
      process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }
    return commits;
  }

  /** Takes a line of a process in; says whether it acknowledges a commit. */
  private boolean heed(String line, long[] acknowledged, String name) throws IOException {
    String[] words = line.split(" ");
    if (words.length == 2) {
      acknowledged[Integer.parseInt(words[0])] = Long.parseLong(words[1]);
      return true;
    }
    if (!line.equals("ready")) {
      check(line, acknowledged, name);
    }
    return false;
  }

  /** The last acknowledged commit is there, at most the one after it, and all before; whole. */
  private void check(String line, long[] acknowledged, String name) throws IOException {
    assertThat(line).as(() -> name + " opens the database: " + log()).startsWith("found ");
    String[] words = line.split(" ");
    int writer = Integer.parseInt(words[1]);
    long pairs = Long.parseLong(words[2]);
    long highest = Long.parseLong(words[3]);
    assertThat(words[4]).as("%s: half rows of writer %d", name, writer).isEqualTo("0");
    assertThat(highest)
        .as("%s: last commit of writer %d", name, writer)
        .isBetween(acknowledged[writer], acknowledged[writer] + 1);
    assertThat(pairs).as("%s: commits of writer %d", name, writer).isEqualTo(highest);
    // What was in the file when the process was killed stays, told or not.
    acknowledged[writer] = highest;
  }

  private void migrate() throws Exception {
    Files.createDirectories(folder.resolve("db"));
    Database database = Writers.h2(folder);
    Migrations.run(database);
    Migrations.execute(database, "shutdown");
  }

  /** The packaged product with the writers beside it, and an archive of the classes they load. */
  private List<String> command() throws Exception {
    Path app = Path.of("target/quarkus-app").toAbsolutePath();
    Path writers = folder.resolve("writers.jar");
    run("jar", "cf", writers.toString(), "-C", "target/test-classes", "dev/paas/api/store");
    List<String> path = new ArrayList<>(List.of(writers.toString()));
    for (String part : List.of("app", "lib/main", "lib/boot")) {
      try (Stream<Path> jars = Files.list(app.resolve(part))) {
        jars.map(Path::toString).filter(jar -> jar.endsWith(".jar")).sorted().forEach(path::add);
      }
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.addAll(List.of("-Xmx96m", "-XX:+UseG1GC", "-XX:TieredStopAtLevel=1"));
    // What the JVM itself has to say goes to the log: the standard output is what was committed.
    command.addAll(List.of("-Xlog:disable", "-Xlog:all=error:stderr"));
    command.add("-DCoordinatorEnvironmentBean.transactionStatusManagerEnable=false");
    command.addAll(List.of("-cp", String.join(File.pathSeparator, path)));
    Path archive = folder.resolve("writers.jsa");
    List<String> dumping = new ArrayList<>(command);
    dumping.add("-XX:ArchiveClassesAtExit=" + archive);
    Process look = start(dumping, "look");
    try (BufferedReader said = look.inputReader()) {
      assertThat(said.lines()).hasSize(Writers.COUNT);
    }
    assertThat(look.waitFor()).as(this::log).isZero();
    command.add("-XX:SharedArchiveFile=" + archive);
    return command;
  }

  private void run(String... command) throws IOException, InterruptedException {
    String[] all = command.clone();
    all[0] = Path.of(System.getProperty("java.home"), "bin", all[0]).toString();
    assertThat(new ProcessBuilder(all).inheritIO().start().waitFor())
        .as(Arrays.toString(all))
        .isZero();
  }

  private Process start(List<String> command, String what) throws IOException {
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of(Writers.class.getName(), folder.toString(), what));
    ProcessBuilder builder = new ProcessBuilder(all).directory(folder.toFile());
    builder.redirectError(ProcessBuilder.Redirect.to(folder.resolve("log").toFile()));
    return builder.start();
  }

  private String log() {
    try {
      return Files.readString(folder.resolve("log"));
    } catch (IOException none) {
      return none.toString();
    }
  }
}
