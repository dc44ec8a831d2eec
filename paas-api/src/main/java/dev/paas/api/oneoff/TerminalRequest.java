package dev.paas.api.oneoff;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.paas.api.scheduler.TerminalSize;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The first message of a terminal: what to run and where, or which session to attach to.
 *
 * @param command the command and its arguments
 * @param env variables on top of the app's
 * @param tty whether it has a terminal; then {@code columns} and {@code rows} are its size
 * @param stdin whether input may come; true unless said otherwise
 * @param process an instance that it runs inside of, e.g. {@code web.1}; else it has one of its own
 * @param port of that instance, to be connected to; then there is no command
 * @param detach whether it goes on when whoever asked hangs up
 * @param session a session to attach to; then all of the above is left out
 * @param position how much of the session's output the caller has, in bytes; -1: all so far
 * @param image what a run of no app is made of; then the command may be empty
 */
record TerminalRequest(
    @Nullable List<String> command,
    @Nullable Map<String, String> env,
    @Nullable Boolean tty,
    @Nullable Integer columns,
    @Nullable Integer rows,
    @Nullable Boolean stdin,
    @Nullable String process,
    @Nullable Integer port,
    @Nullable Boolean detach,
    @Nullable String session,
    @Nullable Long position,
    @Nullable ImageRun image) {

  private static final int USUAL_COLUMNS = 80;
  private static final int USUAL_ROWS = 24;

  /**
   * Reads it.
   *
   * @throws PaasException {@code terminal.bad-request}, {@code terminal.bad-size}
   */
  static TerminalRequest parse(ObjectMapper json, String text) {
    return parse(json, text, false);
  }

  private static TerminalRequest parse(ObjectMapper json, String text, boolean ofImage) {
    TerminalRequest read;
    try {
      read = json.readValue(text, TerminalRequest.class);
    } catch (JsonProcessingException malformed) {
      throw bad(malformed.getOriginalMessage()).asException(malformed);
    }
    if (read == null) {
      throw bad("null").asException();
    }
    if (ofImage == (read.image() == null)) {
      throw bad(ofImage ? "image is missing" : "image stands beside an app").asException();
    }
    boolean attaches = read.session() != null;
    boolean starts =
        read.command() != null
            || read.env() != null
            || read.tty() != null
            || read.stdin() != null
            || read.process() != null
            || read.port() != null
            || read.detach() != null;
    if (attaches && starts) {
      throw bad("session stands beside what starts one").asException();
    }
    if (!attaches && read.position() != null) {
      throw bad("position stands without session").asException();
    }
    if (read.port() != null
        && (read.process() == null
            || read.command() != null
            || read.env() != null
            || read.tty() != null
            || read.detach() != null)) {
      throw bad("port stands with process alone").asException();
    }
    read.size();
    return read;
  }

  /** A command that goes on without a reader. */
  static TerminalRequest detached(@Nullable List<String> command, Map<String, String> env) {
    return new TerminalRequest(
        command, env, null, null, null, null, null, null, true, null, null, null);
  }

  /**
   * Reads one at a terminal of images, where no other kind is.
   *
   * @throws PaasException {@code terminal.bad-request}, {@code terminal.bad-size}
   */
  static TerminalRequest parseOfImage(ObjectMapper json, String text) {
    TerminalRequest read = parse(json, text, true);
    if (read.process() != null || read.session() != null || read.detach() != null) {
      throw bad("a run of an image has no process and no session, and ends with its terminal")
          .asException();
    }
    return read;
  }

  private static Problem bad(String why) {
    return Problem.of(
        Kind.INVALID,
        "terminal.bad-request",
        "The first message of a terminal is not understood",
        why,
        "Send the JSON that docs/api.md describes under Terminals.");
  }

  boolean isTty() {
    return Boolean.TRUE.equals(tty);
  }

  boolean takesInput() {
    return !Boolean.FALSE.equals(stdin);
  }

  boolean isDetached() {
    return Boolean.TRUE.equals(detach);
  }

  /** The terminal's size, if there is to be one. */
  Optional<TerminalSize> size() {
    int wide = columns == null ? USUAL_COLUMNS : columns;
    int high = rows == null ? USUAL_ROWS : rows;
    if (!TerminalSize.isValid(wide) || !TerminalSize.isValid(high)) {
      throw badSize(wide, high).asException();
    }
    return isTty() ? Optional.of(new TerminalSize(wide, high)) : Optional.empty();
  }

  static Problem badSize(int columns, int rows) {
    return Problem.of(
        Kind.INVALID,
        "terminal.bad-size",
        "A terminal can't have this size",
        columns + "x" + rows,
        "Send columns and rows from 1 to 65535.");
  }
}
