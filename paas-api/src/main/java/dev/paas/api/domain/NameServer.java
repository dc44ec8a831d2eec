package dev.paas.api.domain;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Asks a name server over UDP. A question is sent twice at most and waits for a bounded time; only
 * the server that was asked, with the number and the question that were sent, is believed.
 */
final class NameServer {

  private static final Path HOSTS_OWN = Path.of("/etc/resolv.conf");
  private static final String NAMESERVER = "nameserver";
  private static final int PORT = 53;
  private static final int TRIES = 2;

  private final String server;
  private final Duration timeout;
  private final SecureRandom random = new SecureRandom();

  /**
   * @param server {@code address:port}; empty for the first that the host asks
   * @param timeout for one question
   */
  NameServer(String server, Duration timeout) {
    this.server = server;
    this.timeout = timeout;
  }

  /**
   * What the records of one type say; nothing when there is no such name.
   *
   * @throws IOException when no answer comes, or one that says nothing
   */
  List<String> ask(String name, DnsMessage.Type type) throws IOException {
    InetSocketAddress address = address();
    byte[] question = DnsMessage.question(random.nextInt(1 << 16), name, type);
    IOException unanswered = new IOException("no name server answered");
    for (int i = 0; i < TRIES; i++) {
      // A port of its own for each, so that nobody else can guess where the answer is awaited.
      try (DatagramSocket socket = new DatagramSocket()) {
        socket.connect(address);
        socket.setSoTimeout((int) Math.max(1, timeout.toMillis() / TRIES));
        socket.send(new DatagramPacket(question, question.length));
        DatagramPacket answer =
            new DatagramPacket(new byte[DnsMessage.MAX_BYTES], DnsMessage.MAX_BYTES);
        socket.receive(answer);
        return DnsMessage.answers(question, answer.getData(), answer.getLength(), type);
      } catch (IOException failed) {
        unanswered = failed;
      }
    }
    throw unanswered;
  }

  private InetSocketAddress address() throws IOException {
    if (!server.isEmpty()) {
      int colon = server.lastIndexOf(':');
      String host = server.substring(0, colon).replace("[", "").replace("]", "");
      return new InetSocketAddress(
          InetAddress.getByName(host), Integer.parseInt(server.substring(colon + 1)));
    }
    Optional<String> own =
        Files.readAllLines(HOSTS_OWN).stream()
            .map(line -> line.strip().split("\\s+"))
            .filter(words -> words.length > 1 && words[0].equals(NAMESERVER))
            .map(words -> words[1])
            .findFirst();
    return new InetSocketAddress(InetAddress.getByName(own.orElse("127.0.0.1")), PORT);
  }
}
