package dev.paas.runtime.session;

import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.contract.runtime.StartSessionRequest;
import dev.paas.contract.runtime.Terminal;
import dev.paas.runtime.container.SpecCheck;
import java.util.regex.Pattern;

/** Refuses sessions that can't be, before anything is made of them. */
final class SessionCheck {

  private static final Pattern ID = Pattern.compile("[a-z0-9]{1,32}");
  private static final int MAX_SIZE = 65_535;

  private static final String ADVICE =
      "Pass less to the command, or give it a file or its input to read.";

  private SessionCheck() {}

  static void check(StartSessionRequest request) {
    if (!ID.matcher(request.getId()).matches()) {
      throw bad("its id has 1 to 32 of a-z and 0-9", request.getId(), "Use another id.");
    }
    if (request.hasRun() == request.hasInside()) {
      throw bad(
          "it is a run or inside an instance",
          request.getId(),
          "Say what is to run, or which instance it is to run in.");
    }
    checkTime(request.getUnattendedSeconds());
    checkTime(request.getLimitSeconds());
    if (request.hasTerminal()) {
      check(request.getTerminal());
    }
    if (request.hasRun()) {
      SpecCheck.check(request.getRun());
    } else if (request.getArgvList().isEmpty()) {
      throw bad("an exec has a command", request.getId(), "Name one.");
    }
    SpecCheck.words(request.getArgvList(), request.getEnvMap(), ADVICE);
  }

  private static void checkTime(int seconds) {
    if (seconds < 0) {
      throw bad(
          "its times are not negative", Integer.toString(seconds), "Use seconds, or leave it out.");
    }
  }

  static void check(Terminal size) {
    if (!fits(size.getColumns()) || !fits(size.getRows())) {
      throw bad(
          "a terminal has 1 to 65535 columns and rows",
          size.getColumns() + "x" + size.getRows(),
          "Use a size within that.");
    }
  }

  private static boolean fits(int size) {
    return size >= 1 && size <= MAX_SIZE;
  }

  private static PaasException bad(String rule, String value, String fix) {
    return Problem.of(
            Kind.INVALID,
            "session.bad-request",
            "A session can't be made like this: " + rule,
            value,
            fix)
        .asException();
  }
}
