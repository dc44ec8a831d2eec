package dev.paas.cli.run;

import dev.paas.cli.command.AppCommand;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.command.UsageException;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Listens here for a port of an instance. */
public final class ForwardCommand extends AppCommand {

  private static final Pattern PORTS = Pattern.compile("(?:([0-9]{1,5}):)?([0-9]{1,5})");
  private static final byte[] LOOPBACK = {127, 0, 0, 1};
  private static final int LAST_PORT = 65_535;

  /** Connections at once; others wait to be taken. The platform has a bound for each user, too. */
  private static final int AT_ONCE = 32;

  private String ports = "";
  private String instance = "web";

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does(
            "Listen on a port of 127.0.0.1 here, and carry each connection to a port of an",
            "instance, until this is ended with Ctrl-C. A server that listens on 127.0.0.1 alone",
            "is reached, too. Without LOCAL both ports are the same; LOCAL 0 takes a free one,",
            "which is printed. A connection that can't be made is told, and others go on.")
        .word("[LOCAL:]REMOTE", "The ports, e.g. 5432.", value -> ports = value)
        .optionalWord("INSTANCE", "Like web.2; else web's first.", value -> instance = value)
        .example("paas forward -a shop 5432", "paas forward 8080:5000 web.2");
  }

  @Override
  public int run() throws ApiProblem, IOException {
    Matcher written = PORTS.matcher(ports);
    if (!written.matches()) {
      throw new UsageException("These are no ports: " + ports, "Write 5432, or 15432:5432.");
    }
    int remote = port(written.group(2), 1);
    int local = written.group(1) == null ? remote : port(written.group(1), 0);
    if (!session().local()) {
      throw new UsageException(
          "Over ssh there is nothing of yours to listen on", "Use the paas command.");
    }
    String path = path("/terminals");
    // An app that is not there is told before anybody connects.
    Json unused = api().get(path(""));
    try (ServerSocket listening = new ServerSocket()) {
      listen(listening, local);
      tell(listening.getLocalPort(), remote);
      Semaphore places = new Semaphore(AT_ONCE);
      while (true) {
        places.acquireUninterruptibly();
        Socket accepted = listening.accept();
        Forwarding forwarding = new Forwarding(session(), path, instance, remote);
        Thread carrying = new Thread(() -> carry(forwarding, accepted, places), "paas-forward");
        carrying.setDaemon(true);
        carrying.start();
      }
    }
  }

  private void tell(int local, int remote) {
    String address = "127.0.0.1:" + local;
    if (json) {
      Map<String, Object> told = new LinkedHashMap<>();
      told.put("address", address);
      told.put("instance", instance);
      told.put("port", remote);
      out().println(Json.write(told));
    } else {
      out().println(address + " is " + instance + ":" + remote);
    }
    out().flush();
  }

  private static int port(String digits, int least) {
    int port = Integer.parseInt(digits);
    if (port < least || port > LAST_PORT) {
      throw new UsageException("This is no port: " + digits, "Name one from 1 to 65535.");
    }
    return port;
  }

  private static void listen(ServerSocket on, int port) throws IOException, ApiProblem {
    try {
      on.bind(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), port));
    } catch (BindException taken) {
      throw new ApiProblem(
          ApiProblem.NO_ANSWER,
          "cli.port-taken",
          "This port can't be listened on here: " + port + " (" + taken.getMessage() + ")",
          "Name another: paas forward LOCAL:REMOTE.");
    }
  }

  private void carry(Forwarding forwarding, Socket accepted, Semaphore places) {
    try (accepted) {
      forwarding.carry(accepted);
    } catch (ApiProblem refused) {
      terminal().err().println("error: " + terminal().safe(refused.what()));
    } catch (IOException cut) {
      terminal()
          .err()
          .println(
              "error: a connection broke: " + terminal().safe(String.valueOf(cut.getMessage())));
    } finally {
      places.release();
    }
  }
}
