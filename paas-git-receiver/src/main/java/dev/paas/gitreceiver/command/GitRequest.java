package dev.paas.gitreceiver.command;

import dev.paas.base.name.AppName;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.gitreceiver.Access;
import java.util.List;
import java.util.Optional;

/**
 * {@code git-receive-pack '/shop.git'} or {@code git-upload-pack 'shop'}: what git asks over ssh.
 */
public record GitRequest(Access access, AppName app) {

  /**
   * The request in these words, or nothing when they are another command.
   *
   * @throws dev.paas.base.problem.PaasException when the path can't be the name of an app, or
   *     git-lfs asks (git-lfs, docs/api/server-discovery.md and docs/proposals/ssh_adapter.md)
   */
  public static Optional<GitRequest> of(List<String> words) {
    if (words.isEmpty()) {
      return Optional.empty();
    }
    return switch (words.get(0)) {
      case "git-receive-pack" -> Optional.of(new GitRequest(Access.WRITE, app(words)));
      case "git-upload-pack" -> Optional.of(new GitRequest(Access.READ, app(words)));
      case "git-lfs-authenticate", "git-lfs-transfer" -> throw noLargeFiles();
      default -> Optional.empty();
    };
  }

  private static PaasException noLargeFiles() {
    return Problem.of(
            Kind.INVALID,
            "ssh.no-lfs",
            "The platform does not store files of git-lfs",
            "Store them in git itself (git lfs migrate export --everything --include='*'), deploy a"
                + " folder that has them (paas deploy), or have the app fetch them.")
        .asException();
  }

  private static AppName app(List<String> words) {
    if (words.size() != 2) {
      throw Problem.of(
              Kind.USAGE,
              "ssh.git-usage",
              "git asks for exactly one repository",
              String.join(" ", words),
              "Use the address ssh://paas@HOST:PORT/APP.")
          .asException();
    }
    String path = words.get(1);
    String name = path.startsWith("/") ? path.substring(1) : path;
    if (name.endsWith("/")) {
      name = name.substring(0, name.length() - 1);
    }
    if (name.endsWith(".git")) {
      name = name.substring(0, name.length() - ".git".length());
    }
    return new AppName(name);
  }
}
