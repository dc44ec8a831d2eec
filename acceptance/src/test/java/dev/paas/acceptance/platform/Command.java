package dev.paas.acceptance.platform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One process of the host, as a person would start it. */
public final class Command {
  private final List<String> argv;
  private final Map<String, String> environment = new HashMap<>();
  private Path folder = Path.of("/");
  private @Nullable String input;
  private Duration limit = Duration.ofMinutes(5);

  private Command(List<String> argv) {
    this.argv = argv;
  }

  public static Command of(String... argv) {
    return new Command(List.of(argv));
  }

  public static Command of(List<String> argv) {
    return new Command(List.copyOf(argv));
  }

  public Command in(Path folder) {
    this.folder = folder;
    return this;
  }

  public Command with(Map<String, String> variables) {
    environment.putAll(variables);
    return this;
  }

  /** What it reads from its standard input; nothing when not called. */
  public Command reading(String text) {
    this.input = text;
    return this;
  }

  public Command within(Duration limit) {
    this.limit = limit;
    return this;
  }

  /** Runs it to its end, whatever its exit code. */
  public Outcome run() {
    try (Running running = start()) {
      return running.await(limit);
    }
  }

  /** Runs it to its end, which must be a success. */
  public Outcome succeed() {
    Outcome outcome = run();
    if (outcome.exit() != 0) {
      throw new AssertionError(this + " ended with " + outcome);
    }
    return outcome;
  }

  /** Runs it to its end, which must be a failure. */
  public Outcome fail() {
    Outcome outcome = run();
    if (outcome.exit() == 0) {
      throw new AssertionError(this + " should have failed: " + outcome);
    }
    return outcome;
  }

  /** Starts it; closing the handle ends it. */
  public Running start() {
    try {
      Path out = Files.createTempFile("paas-acceptance-", ".out");
      Path err = Files.createTempFile("paas-acceptance-", ".err");
      ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(argv));
      builder.directory(folder.toFile()).redirectOutput(out.toFile()).redirectError(err.toFile());
      builder.environment().putAll(environment);
      // The program is looked up on the platform's PATH, not on this JVM's.
      String path = environment.get("PATH");
      if (path != null) {
        builder.command().addAll(0, List.of("/usr/bin/env", "PATH=" + path));
      }
      if (input == null) {
        builder.redirectInput(Path.of("/dev/null").toFile());
      }
      Process process = builder.start();
      if (input != null) {
        try (var stdin = process.outputWriter()) {
          stdin.write(input);
        }
      }
      return new Running(this, process, out, err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return "`" + String.join(" ", argv) + "`";
  }

  /** How a command ended. */
  public record Outcome(int exit, String out, String err) {
    /** Both streams, for questions that don't care which. */
    public String all() {
      return out + err;
    }

    @Override
    public String toString() {
      return "exit code " + exit + "\n--- stdout\n" + out + "\n--- stderr\n" + err;
    }
  }

  /** A command that runs. */
  public static final class Running implements AutoCloseable {
    private final Command command;
    private final Process process;
    private final Path out;
    private final Path err;

    private Running(Command command, Process process, Path out, Path err) {
      this.command = command;
      this.process = process;
      this.out = out;
      this.err = err;
    }

    /** Its standard output so far. */
    public String output() {
      return read(out);
    }

    /** Its standard error so far. */
    public String errors() {
      return read(err);
    }

    public boolean alive() {
      return process.isAlive();
    }

    /** Does what Ctrl-C at its terminal does (SIGINT). */
    public void interrupt() {
      Command.of("kill", "-INT", Long.toString(process.pid())).succeed();
    }

    /** Ends it without a chance to say goodbye. */
    public void kill() {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }

    public Outcome await(Duration limit) {
      try {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
          kill();
          throw new AssertionError(
              command + " still ran after " + limit + "\n" + output() + "\n" + errors());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(command + " was interrupted", e);
      }
      return new Outcome(process.exitValue(), output(), errors());
    }

    @Override
    public void close() {
      if (process.isAlive()) {
        kill();
      }
      out.toFile().delete();
      err.toFile().delete();
    }

    private static String read(Path file) {
      try {
        return Files.readString(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
