package dev.paas.runtime.session;

import com.google.protobuf.ByteString;
import dev.paas.contract.runtime.Exit;
import dev.paas.contract.runtime.Session;
import dev.paas.contract.runtime.Terminal;
import dev.paas.runtime.session.output.OutputReader;
import dev.paas.runtime.session.output.SessionSink;
import dev.paas.runtime.session.output.Streams;
import dev.paas.runtime.session.roster.SessionEntry;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;

/** One who is attached to a session; closing it detaches, and the command goes on. */
public final class Attachment implements AutoCloseable {

  private final SessionEntry entry;
  private final SessionEnds ends;
  private final Resizer resizer;
  private final Runnable detach;

  /**
   * @param detach what closing it does
   */
  Attachment(SessionEntry entry, SessionEnds ends, Resizer resizer, Runnable detach) {
    this.entry = entry;
    this.ends = ends;
    this.resizer = resizer;
    this.detach = detach;
  }

  /** What is seen of the session now. */
  public Session view() {
    return entry.view();
  }

  /**
   * Passes on what the command prints, at the pace of the sink, and returns when there will be no
   * more. The first who asks for all of it gets every byte and holds the command back; others get
   * what the log has.
   *
   * @param position how much the caller has; -1: all that there is so far
   */
  public void output(long position, SessionSink sink) throws IOException, InterruptedException {
    long from = position < 0 ? entry.output().total() : position;
    Optional<Streams> streams = entry.streams();
    if (from == 0 && streams.isPresent() && streams.get().takeOutput()) {
      from = streams.get().follow(sink);
    }
    try (OutputReader reader = new OutputReader(entry.output(), from, sink)) {
      reader.follow();
    } catch (NoSuchFileException forgotten) {
      // The app is being removed: how the command ended is still told.
      return;
    }
  }

  /** How the command has ended, once it has. */
  public Exit exit() throws InterruptedException {
    try {
      return entry.ended().get();
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /**
   * Returns when the command has been given all of it, or reads no more.
   *
   * @throws CancellationException when there is nobody to give it to
   */
  public void input(ByteString data) throws InterruptedException {
    streams().write(data);
  }

  /** What the command reads is its end; at a terminal that is a character, which it may ignore. */
  public void endInput() throws InterruptedException {
    if (entry.hasTerminal()) {
      streams().write(SessionEntry.END_OF_TRANSMISSION);
    } else if (entry.request().getStdin()) {
      streams().endInput();
    }
  }

  private Streams streams() {
    if (!entry.hasTerminal() && !entry.request().getStdin()) {
      throw new CancellationException("the command takes no input");
    }
    return entry
        .streams()
        .orElseThrow(() -> new CancellationException("the input ended with an earlier daemon"));
  }

  /**
   * Tells a terminal its size; what has none is not told.
   *
   * @throws dev.paas.base.problem.PaasException {@code session.bad-request}
   */
  public void resize(Terminal size) {
    resizer.resize(entry, size);
  }

  /** Sends the command a signal, e.g. 2 (SIGINT). */
  public void signal(int number) {
    ends.signal(entry, number);
  }

  @Override
  public void close() {
    detach.run();
  }
}
