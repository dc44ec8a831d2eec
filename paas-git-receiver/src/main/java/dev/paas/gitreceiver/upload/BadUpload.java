package dev.paas.gitreceiver.upload;

import dev.paas.base.name.AppName;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.DataSize;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Why files are not taken. Paths come raw, one character a byte. */
final class BadUpload {

  private BadUpload() {}

  static PaasException damaged(Throwable cause) {
    return Problem.of(
            Kind.INVALID,
            "upload.damaged",
            "The archive is damaged or was cut off",
            String.valueOf(cause.getMessage()),
            "Make it again; a tar is expected, plain or by gzip.")
        .asException(cause);
  }

  static PaasException entry(String what, String path) {
    return Problem.of(
            Kind.INVALID,
            "upload.bad-entry",
            what,
            text(path),
            "Make the archive without this entry.")
        .asException();
  }

  static PaasException tooLarge(DataSize limit) {
    return Problem.of(
            Kind.TOO_LARGE,
            "upload.too-large",
            "The files come to more than the platform takes",
            "limit " + limit,
            "Leave build results and data out (.gitignore), or raise build.max-source.")
        .asException();
  }

  static PaasException largeFile(String path, DataSize limit) {
    return Problem.of(
            Kind.TOO_LARGE,
            "upload.large-file",
            "A file is larger than the platform takes",
            text(path) + ", limit " + limit,
            "Leave it out (.gitignore), or raise ssh.max-object.")
        .asException();
  }

  static PaasException tooMany(int limit) {
    return Problem.of(
            Kind.TOO_LARGE,
            "upload.too-many-files",
            "There are more files than the platform takes",
            "limit " + limit,
            "Leave generated files out (.gitignore), or raise build.max-source-files.")
        .asException();
  }

  static PaasException tooSlow(Duration limit) {
    return Problem.of(
            Kind.CANCELLED,
            "upload.too-slow",
            "The files took longer to arrive than they may",
            "limit " + limit.toSeconds() + " s",
            "Send fewer files (.gitignore), or raise uploads.timeout.")
        .asException();
  }

  static PaasException nothingDeployed(AppName app) {
    return Problem.of(
            Kind.CONFLICT,
            "upload.nothing-deployed",
            "Nothing has been deployed of this app that could be built again",
            app.value(),
            "Push it, or deploy a folder: paas deploy.")
        .asException();
  }

  static PaasException empty() {
    return Problem.of(
            Kind.INVALID,
            "upload.empty",
            "There are no files in what was sent",
            "Name the folder of the app, or an archive of its files.")
        .asException();
  }

  private static String text(String raw) {
    return Problem.printable(
        new String(raw.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
  }
}
