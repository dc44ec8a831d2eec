package dev.paas.runtime.session.launch;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.runtime.container.ProgramSpec;
import dev.paas.runtime.linux.RootedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Looks up a command in a root filesystem, as execvp(3) would there. */
final class Program {

  private static final String PATH_SET = "PATH=";

  private Program() {}

  /**
   * @param env {@code NAME=value}
   * @param folder that the command starts in
   * @throws dev.paas.base.problem.PaasException {@code instance.no-such-command}
   */
  static void check(Path root, String command, List<String> env, String folder) throws IOException {
    if (!isThere(root, command, env, folder)) {
      throw Problem.of(
              Kind.INVALID,
              "instance.no-such-command",
              "The image has no command",
              command,
              "Name a program of the image, or a path to one.")
          .asException();
    }
  }

  private static boolean isThere(Path root, String command, List<String> env, String folder)
      throws IOException {
    if (command.indexOf('/') >= 0) {
      return RootedFile.exists(root, command.startsWith("/") ? command : folder + "/" + command);
    }
    String path =
        env.stream()
            .filter(set -> set.startsWith(PATH_SET))
            .map(set -> set.substring(PATH_SET.length()))
            .reduce((first, last) -> last)
            .orElse(ProgramSpec.PATH);
    for (String entry : path.split(":")) {
      String in = entry.startsWith("/") ? entry : folder + "/" + entry;
      if (!command.isEmpty() && RootedFile.exists(root, in + "/" + command)) {
        return true;
      }
    }
    return false;
  }
}
