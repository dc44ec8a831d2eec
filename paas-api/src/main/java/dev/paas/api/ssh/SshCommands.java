package dev.paas.api.ssh;

import dev.paas.api.audit.Actor;
import dev.paas.api.identity.CommandToken;
import dev.paas.api.identity.Tokens;
import dev.paas.api.identity.User;
import dev.paas.cli.PaasCommand;
import dev.paas.cli.http.Cancellation;
import dev.paas.cli.http.Endpoint;
import dev.paas.gitreceiver.CommandStreams;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The commands of {@code paas}, given over ssh and run in this process: they call the REST API on
 * the loopback address with a token that dies with the command.
 */
@ApplicationScoped
class SshCommands {

  private final Tokens tokens;
  private final String url;

  SshCommands(
      Tokens tokens,
      @ConfigProperty(name = "quarkus.http.host") String host,
      @ConfigProperty(name = "quarkus.http.port") int port) {
    this.tokens = tokens;
    this.url = "http://" + host + ":" + port;
  }

  int run(User user, Actor actor, List<String> argv, CommandStreams streams) {
    PrintStream out = new PrintStream(streams.out(), false, StandardCharsets.UTF_8);
    PrintStream err = new PrintStream(streams.err(), false, StandardCharsets.UTF_8);
    if (argv.isEmpty()) {
      err.println("Hello " + user.name() + ": your key works. There is no shell here.");
      err.println("Push an app with git, or give a command: ssh … help");
      err.flush();
      return 0;
    }
    try (CommandToken token = tokens.forCommand(user, actor)) {
      Cancellation cancellation = new Cancellation();
      streams.hangUp().then(cancellation::cancel);
      return PaasCommand.run(
          argv,
          streams.in(),
          out,
          err,
          new Endpoint(url, token.secret()),
          cancellation,
          streams.terminal().map(SshTty::new));
    }
  }
}
