package dev.paas.runtime.tar;

import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.runtime.linux.file.RawPath;

/** Problems of archives. */
public final class BadTar {

  private BadTar() {}

  /** The archive's form is broken. */
  public static PaasException malformed(String what) {
    return Problem.of(
            Kind.INVALID,
            "image.bad-archive",
            "The archive can't be read: " + what,
            "Make it again; a complete tar, gzip or zstd file is expected.")
        .asException();
  }

  /** An entry tries to reach outside, or is of a kind that has no place here. */
  public static PaasException unsafe(String what, String rawPath) {
    return Problem.of(
            Kind.INVALID,
            "image.unsafe-entry",
            "The archive is refused: " + what,
            RawPath.text(rawPath),
            "Make the archive without this entry.")
        .asException();
  }

  /** More than a limit allows. */
  public static PaasException tooLarge(String what) {
    return Problem.of(
            Kind.TOO_LARGE,
            "image.too-large",
            "The archive is refused: " + what,
            "Make it smaller, or raise the limit if you trust where it comes from.")
        .asException();
  }
}
