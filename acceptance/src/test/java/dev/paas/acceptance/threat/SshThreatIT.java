package dev.paas.acceptance.threat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.acceptance.platform.Aftermath;
import dev.paas.acceptance.platform.Command;
import dev.paas.acceptance.platform.Platform;
import dev.paas.acceptance.platform.SharedPlatform;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Clients without a key at the SSH server, and users who want more than git and commands. */
@ExtendWith(SharedPlatform.class)
final class SshThreatIT {
  /** The default of ssh.max-sessions. */
  private static final int MAX_SESSIONS = 64;

  /** Once half of them are in use. */
  private static final int MAX_PER_ADDRESS = MAX_SESSIONS / 4;

  private static final int KEXINIT = 20;
  private static final int IGNORE = 2;

  private final Platform platform;

  SshThreatIT(Platform platform) {
    this.platform = platform;
  }

  /** T1 in docs/reliability.md. */
  @Test
  void passwordsAreNotAskedForAndTheSixthKeyIsTheLast() {
    for (String user : List.of("root", "paas", "admin")) {
      String said =
          ssh("-o", "PreferredAuthentications=password,keyboard-interactive", user + "@localhost")
              .fail()
              .err();
      assertThat(said).contains("Permission denied (publickey)");
    }
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      keys.add(OtherUser.newKey(platform, "guess-" + i));
    }
    try {
      String guessed = withKeys(keys).fail().err();
      // Six are looked at; the seventh is offered, and answered by the end of the connection.
      assertThat(guessed.split("Offering public key")).hasSizeLessThanOrEqualTo(1 + 7);
      // A good one behind six bad ones comes too late; alone it opens.
      List<String> late = new ArrayList<>(keys.subList(0, 6));
      late.add(platform.variable("PAAS_KEY"));
      withKeys(late).fail();
      withKeys(List.of(platform.variable("PAAS_KEY"))).succeed();
    } finally {
      keys.forEach(key -> Command.of("rm", "-f", key, key + ".pub").succeed());
    }
    Aftermath.isClean(platform);
  }

  private Command withKeys(List<String> keys) {
    List<String> options = new ArrayList<>(List.of("-v"));
    keys.forEach(key -> options.addAll(List.of("-i", key)));
    options.addAll(List.of("paas@localhost", "version"));
    return ssh(options.toArray(String[]::new));
  }

  /** ssh without anybody's settings and without a key of its own. */
  private Command ssh(String... arguments) {
    List<String> argv =
        new ArrayList<>(
            List.of("ssh", "-F", "none", "-o", "BatchMode=yes", "-o", "IdentitiesOnly=yes"));
    argv.addAll(List.of("-o", "IdentityAgent=none", "-o", "StrictHostKeyChecking=no"));
    argv.addAll(List.of("-o", "UserKnownHostsFile=/dev/null"));
    argv.addAll(List.of("-p", platform.variable("PAAS_SSH_PORT")));
    argv.addAll(Arrays.asList(arguments));
    return Command.of(argv).in(platform.scratch());
  }

  /** T2 in docs/reliability.md. */
  @Test
  void silentConnectionsAreFewAndKeepNobodyOut() throws IOException {
    Map<Socket, Integer> silent = new HashMap<>();
    try {
      for (int address = 2; address < 14; address++) {
        for (int i = 0; i < 20; i++) {
          silent.put(connect(address), address);
        }
      }
      assertThat(platform.ssh("version").succeed().out()).contains("platform");
      Awaitility.await("only so many stay open")
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(
              () -> {
                Map<Integer, Integer> open = new HashMap<>();
                silent.forEach(
                    (socket, address) -> open.merge(address, isOpen(socket) ? 1 : 0, Integer::sum));
                assertThat(open.values()).allMatch(count -> count <= MAX_PER_ADDRESS);
                assertThat(open.values().stream().mapToInt(Integer::intValue).sum())
                    .isLessThanOrEqualTo(MAX_SESSIONS);
              });
    } finally {
      for (Socket socket : silent.keySet()) {
        socket.close();
      }
    }
    Aftermath.isClean(platform);
  }

  private Socket connect(int lastByte) throws IOException {
    Socket socket = new Socket();
    socket.bind(
        new InetSocketAddress(
            InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) lastByte}), 0));
    socket.connect(
        new InetSocketAddress(
            InetAddress.getLoopbackAddress(),
            Integer.parseInt(platform.variable("PAAS_SSH_PORT"))));
    socket.setSoTimeout(1);
    return socket;
  }

  private static boolean isOpen(Socket socket) {
    try {
      return socket.getInputStream().read(new byte[4096]) >= 0;
    } catch (SocketTimeoutException waiting) {
      return true;
    } catch (IOException closed) {
      return false;
    }
  }

  /** T3 in docs/reliability.md. */
  @Test
  void onlyStrongAlgorithmsAreOfferedAndTheKeyExchangeIsStrict() throws IOException {
    try (Socket socket = connect(1)) {
      socket.setSoTimeout(10_000);
      DataInputStream in = new DataInputStream(socket.getInputStream());
      assertThat(line(in)).startsWith("SSH-2.0-");
      socket.getOutputStream().write("SSH-2.0-reader\r\n".getBytes(StandardCharsets.US_ASCII));
      List<String> lists = nameLists(packet(in));
      assertThat(lists.get(0)).contains("kex-strict-s-v00@openssh.com");
      assertThat(lists.get(1)).doesNotContain("ssh-rsa").doesNotContain("ssh-dss");
      assertThat(String.join(" ", lists))
          .doesNotContainPattern("cbc|arcfour|3des|sha1|md5|group1-|group14-sha1|umac-64|zlib");
    }
    for (String weak :
        List.of(
            "Ciphers=aes128-cbc,aes256-cbc,3des-cbc",
            "HostKeyAlgorithms=ssh-rsa",
            "KexAlgorithms=diffie-hellman-group14-sha1,diffie-hellman-group-exchange-sha1")) {
      assertThat(ssh("-o", weak, "paas@localhost").fail().err()).as(weak).contains("no matching");
    }
    // Terrapin puts a packet before the encryption begins, and takes one away after:
    // CVE-2023-48795.
    try (Socket socket = connect(1)) {
      socket.setSoTimeout(10_000);
      OutputStream out = socket.getOutputStream();
      out.write("SSH-2.0-terrapin\r\n".getBytes(StandardCharsets.US_ASCII));
      out.write(framed(new byte[] {IGNORE, 0, 0, 0, 0}));
      out.write(framed(kexInit()));
      out.flush();
      assertThat(endOf(socket)).as("the connection was cut").isTrue();
    }
    Aftermath.isClean(platform);
  }

  /** Whether the server says goodbye (1) or just goes, instead of going on with the exchange. */
  private static boolean endOf(Socket socket) throws IOException {
    DataInputStream in = new DataInputStream(socket.getInputStream());
    line(in);
    packet(in); // its own KEXINIT was on the way already
    int next = in.read();
    return next < 0 || firstByteOfRest(next, in) == 1;
  }

  private static int firstByteOfRest(int first, DataInputStream in) throws IOException {
    in.skipNBytes(3); // the rest of the length
    in.skipNBytes(1); // the length of the padding
    assertThat(first).isZero();
    return in.read();
  }

  private static String line(DataInputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
      line.append((char) b);
    }
    return line.toString();
  }

  /** The payload of a packet that is not encrypted yet (RFC 4253 §6). */
  private static byte[] packet(DataInputStream in) throws IOException {
    int length = in.readInt();
    int padding = in.read();
    byte[] payload = in.readNBytes(length - padding - 1);
    in.skipNBytes(padding);
    return payload;
  }

  private static byte[] framed(byte[] payload) {
    int padding = 8 - (payload.length + 5) % 8 + 8;
    java.nio.ByteBuffer packet = java.nio.ByteBuffer.allocate(payload.length + 5 + padding);
    packet.putInt(payload.length + 1 + padding).put((byte) padding).put(payload);
    return packet.array();
  }

  private static byte[] kexInit() {
    java.nio.ByteBuffer out = java.nio.ByteBuffer.allocate(1024);
    out.put((byte) KEXINIT).put(new byte[16]);
    for (String list :
        List.of(
            "curve25519-sha256,kex-strict-c-v00@openssh.com",
            "ssh-ed25519",
            "aes128-gcm@openssh.com",
            "aes128-gcm@openssh.com",
            "hmac-sha2-256",
            "hmac-sha2-256",
            "none",
            "none",
            "",
            "")) {
      byte[] bytes = list.getBytes(StandardCharsets.US_ASCII);
      out.putInt(bytes.length).put(bytes);
    }
    out.put((byte) 0).putInt(0);
    return Arrays.copyOf(out.array(), out.position());
  }

  private static List<String> nameLists(byte[] kexInit) {
    java.nio.ByteBuffer in = java.nio.ByteBuffer.wrap(kexInit);
    assertThat(in.get()).isEqualTo((byte) KEXINIT);
    in.position(17);
    List<String> lists = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      byte[] list = new byte[in.getInt()];
      in.get(list);
      lists.add(new String(list, StandardCharsets.US_ASCII));
    }
    return lists;
  }

  /** T5 in docs/reliability.md. */
  @Test
  void commandsAreReadAndNeverGivenToAShell() throws IOException {
    Path canary = platform.scratch().resolve("ssh-canary");
    List<String> before = repositories();
    for (String command :
        List.of(
            "git-receive-pack '../x'",
            "git-receive-pack '/../../etc'",
            "git-receive-pack 'x/../y'",
            "git-receive-pack 'x';touch " + canary,
            "git-receive-pack '$(touch " + canary + ")'",
            "git-receive-pack `touch " + canary + "`",
            "git-receive-pack x|touch " + canary,
            "git-receive-pack '--upload-pack=touch " + canary + "'",
            "git-receive-pack",
            "git-receive-pack a b",
            "git-receive-pack 'x",
            "git-upload-pack /etc/passwd",
            "git-upload-archive x",
            "git-shell -c x",
            "sh -c 'touch " + canary + "'",
            "/bin/sh",
            "scp -t /tmp",
            "rsync --server . /",
            "nice touch " + canary,
            "x\u001b[2J\u202e")) {
      Command.Outcome refused = platform.ssh(command).fail();
      assertThat(refused.exit()).as(command).isIn(1, 2);
      assertThat(refused.err()).as(command).contains("error: ").contains("\nfix: ");
      assertThat(refused.err()).as(command).doesNotContain("\u001b").doesNotContain("\u202e");
    }
    assertThat(platform.ssh().succeed().err()).contains("There is no shell here");
    assertThat(platform.ssh("-s", "sftp").fail().err()).contains("subsystem request failed");
    assertThat(platform.ssh("-W", "127.0.0.1:22").fail().err()).contains("forwarding failed");
    Command.Outcome forwards =
        ssh(
                "-i",
                platform.variable("PAAS_KEY"),
                "-o",
                "ExitOnForwardFailure=yes",
                "-R",
                "0:127.0.0.1:22",
                "paas@localhost",
                "version")
            .fail();
    assertThat(forwards.err()).contains("forwarding failed");
    // What a client asks for on the side is refused, and the command runs without it.
    assertThat(
            ssh(
                    "-v",
                    "-A",
                    "-X",
                    "-o",
                    "SetEnv=LD_PRELOAD=/x",
                    "-i",
                    platform.variable("PAAS_KEY"),
                    "paas@localhost",
                    "version")
                .succeed()
                .out())
        .contains("platform");
    assertThat(canary).doesNotExist();
    assertThat(repositories()).isEqualTo(before);
    Aftermath.isClean(platform);
  }

  private List<String> repositories() throws IOException {
    try (Stream<Path> all = Files.list(platform.folder().resolve("data/git"))) {
      return all.map(Path::toString).sorted().toList();
    }
  }
}
