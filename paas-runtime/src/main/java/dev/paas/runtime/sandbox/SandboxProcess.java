package dev.paas.runtime.sandbox;

import dev.paas.contract.runtime.Exit;
import dev.paas.contract.runtime.Limits;
import dev.paas.runtime.container.Beginning;
import dev.paas.runtime.container.Exits;
import dev.paas.runtime.linux.ProcessIdentity;
import dev.paas.runtime.linux.Signals;
import dev.paas.runtime.linux.file.DiskLimits;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A process that runs in a sandbox. Closing it kills what is left and frees everything but the root
 * filesystem.
 */
public final class SandboxProcess implements AutoCloseable {

  private final Process process;
  private final SandboxResources resources;
  private final Limits limits;
  private final DiskLimits disk;
  private final Clock clock;
  private Optional<ProcessIdentity> inside = Optional.empty();

  SandboxProcess(
      Process process, SandboxResources resources, Limits limits, DiskLimits disk, Clock clock) {
    this.disk = disk;
    this.process = process;
    this.resources = resources;
    this.limits = limits;
    this.clock = clock;
  }

  void identify(int pid) {
    inside = ProcessIdentity.of(pid);
  }

  /** Returns when it takes signals, or has ended. */
  void awaitBeginning() {
    inside.ifPresent(init -> Beginning.await(init, () -> !process.isAlive()));
  }

  /** Closing it is the process's end of file. */
  public OutputStream stdin() {
    return process.getOutputStream();
  }

  public InputStream stdout() {
    return process.getInputStream();
  }

  public InputStream stderr() {
    return process.getErrorStream();
  }

  /** Waits for the end: read both outputs meanwhile, or the process stands still on a full pipe. */
  public Exit await() throws InterruptedException {
    int code = process.waitFor();
    DiskLimits.Excess excess = resources.excess();
    if (excess != DiskLimits.Excess.NONE) {
      return Exits.diskFull(code, excess, disk, clock.millis());
    }
    return Exits.of(code, resources.oomKills(), limits.getMemoryBytes(), clock.millis());
  }

  /** Which limit it has exceeded, once its end was waited for. */
  public DiskLimits.Excess excess() {
    return resources.excess();
  }

  /**
   * Sends a signal to the process, e.g. 2 (SIGINT); one that has ended takes none, nor one that
   * takes no such signal.
   */
  public void signal(int number) {
    if (number > Signals.LAST) {
      return;
    }
    inside.ifPresent(
        init -> {
          try {
            Signals.send(init, number);
          } catch (IOException refused) {
            throw new UncheckedIOException(refused);
          }
        });
  }

  /**
   * Asks the process and everything it started to end, and kills what has not ended after the grace
   * period. Both outputs have to be read meanwhile.
   */
  public void stop(Duration grace) throws InterruptedException {
    signal(Signals.SIGTERM);
    if (!process.waitFor(grace.toMillis(), TimeUnit.MILLISECONDS)) {
      kill();
    }
  }

  /** Kills the process and everything it started. */
  public void kill() {
    resources.kill();
  }

  @Override
  public void close() {
    resources.kill();
    process.destroyForcibly().onExit().join();
    resources.free();
  }
}
