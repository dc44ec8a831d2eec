package dev.paas.runtime.sandbox;

import com.google.protobuf.ByteString;
import dev.paas.base.disk.DiskSpace;
import dev.paas.base.problem.Problem;
import dev.paas.contract.runtime.Exit;
import dev.paas.runtime.duty.NamedThreads;
import dev.paas.runtime.linux.file.DiskLimits;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs processes to their end for somebody who only reads: passes on what they print, and kills
 * those that take too long or leave the host too little disk.
 */
public final class SandboxRunner implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SandboxRunner.class);

  /** A message of the contract carries at most this much output, in bytes. */
  private static final int CHUNK = 1 << 14;

  /** Output of one process that is passed on, in bytes; what follows is read and dropped. */
  private static final long MAX_OUTPUT = 16L << 20;

  /** How often the disk is looked at: what a process writes meanwhile must fit into the reserve. */
  private static final long DISK_LOOK_MILLIS = 200;

  private static final long KILL_AGAIN_MILLIS = 200;

  /** Starts a process: {@code Sandbox::start}. */
  @FunctionalInterface
  public interface Starter {
    SandboxProcess start(SandboxSpec spec) throws IOException;
  }

  /**
   * How long a process may run.
   *
   * @param exceeded is its end when it runs for longer
   */
  public record TimeLimit(Duration time, Problem exceeded) {}

  /**
   * How a process has ended.
   *
   * @param excess the limit of the disk that it has passed
   * @param killed why it was killed from here, if it was
   */
  public record Ended(Exit exit, DiskLimits.Excess excess, Optional<Problem> killed) {

    /** Whether it came to its own end, and says that all went well. */
    public boolean isGood() {
      return exit.getReason() == Exit.Reason.EXITED && exit.getCode() == 0;
    }
  }

  private final Starter starter;
  private final DiskSpace disk;
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(new NamedThreads("sandbox-limits"));

  /**
   * @param disk that processes write to
   */
  public SandboxRunner(Starter starter, DiskSpace disk) {
    this.starter = starter;
    this.disk = disk;
  }

  /**
   * Runs a process without input; an interrupt kills it.
   *
   * @param begun is run as soon as the process can be found and ended by others
   */
  public Ended run(SandboxSpec spec, TimeLimit limit, OutputSink sink, Runnable begun)
      throws IOException, InterruptedException {
    try (SandboxProcess process = starter.start(spec)) {
      begun.run();
      process.stdin().close();
      Thread out = reader(spec.name(), process.stdout(), sink, false);
      Thread err = reader(spec.name(), process.stderr(), sink, true);
      AtomicReference<@Nullable Problem> killed = new AtomicReference<>();
      ScheduledFuture<?> timeout =
          watch.scheduleWithFixedDelay(
              () -> lookAtTime(process, killed, limit),
              limit.time().toMillis(),
              KILL_AGAIN_MILLIS,
              TimeUnit.MILLISECONDS);
      ScheduledFuture<?> look =
          watch.scheduleWithFixedDelay(
              () -> lookAtDisk(process, killed),
              DISK_LOOK_MILLIS,
              DISK_LOOK_MILLIS,
              TimeUnit.MILLISECONDS);
      try {
        Exit exit = process.await();
        out.join();
        err.join();
        return ended(new Ended(exit, excess(process, exit), Optional.ofNullable(killed.get())));
      } catch (InterruptedException cancelled) {
        process.kill();
        throw cancelled;
      } finally {
        timeout.cancel(false);
        look.cancel(false);
      }
    }
  }

  /** Asked only where it is known already: finding it out walks all that the process wrote. */
  private static DiskLimits.Excess excess(SandboxProcess process, Exit exit) throws IOException {
    return exit.getReason() == Exit.Reason.DISK_FULL ? process.excess() : DiskLimits.Excess.NONE;
  }

  /** One that failed may have met the end of the disk before it was looked at. */
  private Ended ended(Ended seen) {
    return seen.killed().isEmpty() && !seen.isGood() && disk.isShort()
        ? new Ended(seen.exit(), seen.excess(), Optional.of(disk.problem()))
        : seen;
  }

  /** A look that fails is taken again: one that threw would be the last of this process. */
  private void lookAtDisk(SandboxProcess process, AtomicReference<@Nullable Problem> killed) {
    try {
      if (disk.isShort()) {
        kill(process, killed, disk.problem());
      }
    } catch (RuntimeException | Error failed) {
      LOG.atWarn().setCause(failed).log("disk not looked at, will be tried again");
    }
  }

  /** Kills until it has ended: one sweep may not find all of a process that forks without end. */
  private static void lookAtTime(
      SandboxProcess process, AtomicReference<@Nullable Problem> killed, TimeLimit limit) {
    try {
      kill(process, killed, limit.exceeded());
    } catch (RuntimeException | Error failed) {
      LOG.atWarn().setCause(failed).log("not killed at its time limit, will be tried again");
    }
  }

  private static void kill(
      SandboxProcess process, AtomicReference<@Nullable Problem> killed, Problem why) {
    killed.compareAndSet(null, why);
    process.kill();
  }

  private static Thread reader(String name, InputStream in, OutputSink sink, boolean stderr) {
    Thread thread =
        new Thread(() -> pump(in, sink, stderr), name + (stderr ? "-stderr" : "-stdout"));
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static void pump(InputStream in, OutputSink sink, boolean stderr) {
    byte[] buffer = new byte[CHUNK];
    long left = MAX_OUTPUT;
    try {
      // Read to the end in any case: a full pipe would stop the process.
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (left > 0) {
          left = pass(sink, ByteString.copyFrom(buffer, 0, n), stderr) ? left - n : 0;
          if (left <= 0) {
            pass(sink, ByteString.copyFromUtf8("\n(the rest is left out)\n"), stderr);
          }
        }
      }
    } catch (IOException closed) {
      // The process is gone, and its exit says how.
      return;
    }
  }

  /** False: nobody listens any more; whoever runs the process is interrupted for that. */
  private static boolean pass(OutputSink sink, ByteString bytes, boolean stderr) {
    try {
      sink.accept(bytes, stderr);
      return true;
    } catch (CancellationException gone) {
      return false;
    }
  }

  @Override
  public void close() {
    watch.shutdownNow();
  }
}
