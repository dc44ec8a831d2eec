package dev.paas.api.push;

import dev.paas.api.access.User;
import dev.paas.gitreceiver.CommandStreams;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The commands of {@code paas}, given over ssh and run in this process. */
@ApplicationScoped
class SshCommands {

  private static final int FAILED = 1;

  int run(User user, List<String> argv, CommandStreams streams) {
    try {
      String text =
          argv.isEmpty()
              ? "Hello " + user.name() + ": your key works. There is no shell here.\n"
              : "error: commands over ssh are not there yet\n";
      streams.err().write(text.getBytes(StandardCharsets.UTF_8));
      return argv.isEmpty() ? 0 : FAILED;
    } catch (IOException gone) {
      return FAILED;
    }
  }
}
