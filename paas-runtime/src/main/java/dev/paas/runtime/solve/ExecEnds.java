package dev.paas.runtime.solve;

import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.contract.runtime.ExecOp;
import dev.paas.runtime.linux.file.DiskLimits;
import dev.paas.runtime.sandbox.SandboxRunner;

/** Says what became of a step's process, in words for whoever builds. */
final class ExecEnds {

  private final PlatformSettings.Build limits;

  ExecEnds(PlatformSettings.Build limits) {
    this.limits = limits;
  }

  /** Throws unless it ended well. */
  void check(ExecOp op, SandboxRunner.Ended ended) {
    if (ended.killed().isPresent()) {
      throw ended.killed().get().asException();
    }
    if (ended.isGood()) {
      return;
    }
    String command = command(op);
    switch (ended.exit().getReason()) {
      case EXITED ->
          throw failed(
              "A step of the build failed with exit code " + ended.exit().getCode(),
              command,
              "Read its output above; the command works when it ends with exit code 0.");
      case OOM_KILLED ->
          throw failed(
              "A step of the build was OOM-killed (limit " + limits.memory() + ")",
              command,
              "Let the step use less memory, or raise build.memory.");
      case DISK_FULL -> throw tooMuch(ended.excess(), command).asException();
      default ->
          throw failed(
              "A step of the build ended with code "
                  + ended.exit().getCode()
                  + ": "
                  + ended.exit().getDetail(),
              command,
              "Read its output above.");
    }
  }

  private Problem tooMuch(DiskLimits.Excess excess, String command) {
    DiskLimits most =
        new DiskLimits(
            limits.disk().bytes(),
            limits.maxFiles(),
            limits.maxNameBytes().bytes(),
            limits.maxDirectory());
    String what = "A step of the build " + most.words(excess);
    return switch (excess) {
      case NONE, BYTES ->
          Problem.of(
              Kind.IMPOSSIBLE,
              "build.disk-full",
              "A step of the build " + most.words(DiskLimits.Excess.BYTES),
              command,
              "Let the step write less, or raise build.disk.");
      case FILES -> tooManyFiles(what, command, "max-files");
      case NAME_BYTES -> tooManyFiles(what, command, "max-name-bytes");
      case DIRECTORY -> tooManyFiles(what, command, "max-directory");
      case DEPTH ->
          Problem.of(
              Kind.IMPOSSIBLE,
              "build.too-deep",
              what,
              command,
              "Let the step remove what it nests so deep, or nest it less.");
    };
  }

  private static Problem tooManyFiles(String what, String command, String setting) {
    return Problem.of(
        Kind.IMPOSSIBLE,
        "build.too-many-files",
        what,
        command,
        "Let the step make or keep fewer files (every hard link is one), or raise build."
            + setting
            + ".");
  }

  private static PaasException failed(String what, String command, String fix) {
    return Problem.of(Kind.IMPOSSIBLE, "build.step-failed", what, command, fix).asException();
  }

  /** It has run for longer than it may. */
  Problem late(ExecOp op) {
    return Problem.of(
        Kind.IMPOSSIBLE,
        "build.timeout",
        "A step of the build ran longer than " + limits.timeout().toMinutes() + " minutes",
        command(op),
        "Make the step shorter, or raise build.timeout.");
  }

  private static String command(ExecOp op) {
    return String.join(" ", op.getArgvList());
  }
}
