package dev.paas.cli.run;

import dev.paas.cli.terminal.Terminal;
import java.io.InputStream;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/**
 * What the streams of a command on the platform are connected to here.
 *
 * @param in null: nothing is sent, and its input does not end
 */
record CommandStreams(@Nullable InputStream in, PrintStream out, PrintStream err) {

  static CommandStreams of(Terminal terminal) {
    return new CommandStreams(terminal.in(), terminal.out(), terminal.err());
  }

  CommandStreams withoutInput() {
    return new CommandStreams(null, out, err);
  }
}
