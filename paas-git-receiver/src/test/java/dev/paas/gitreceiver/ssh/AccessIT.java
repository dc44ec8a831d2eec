package dev.paas.gitreceiver.ssh;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paas.base.name.AppName;
import dev.paas.gitreceiver.ssh.ReceiverFixture.Ended;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessIT {

  @TempDir Path folder;
  private ReceiverFixture receiver;

  @BeforeEach
  void start() throws Exception {
    receiver = new ReceiverFixture(folder);
  }

  @AfterEach
  void stop() throws Exception {
    receiver.close();
  }

  @Test
  void theKeySaysWhoItIsWhateverTheUserName() throws Exception {
    for (String user : List.of("paas", "git", "root")) {
      List<String> command = receiver.ssh("alice");
      command.addAll(List.of(user + "@127.0.0.1", "apps"));
      assertThat(receiver.run(folder, command))
          .isEqualTo(new Ended(7, "alice [apps]\n", "on stderr\n"));
    }
  }

  @Test
  void aTerminalIsGrantedAndItsLinesBeginAtTheLeft() throws Exception {
    List<String> command = receiver.ssh("alice");
    command.addAll(List.of("-tt", "paas@127.0.0.1", "apps"));
    Ended ended = receiver.run(folder, command);
    assertThat(ended.code()).isEqualTo(7);
    assertThat(ended.out()).isEqualTo("alice [apps]\r\n");
    assertThat(ended.err()).startsWith("on stderr\r\n");
    assertThat(receiver.controlPlane.terminals).hasSize(1);
  }

  @Test
  void ctrlCAtATerminalHangsUp() throws Exception {
    List<String> shell = List.of("sh", "-c", "printf '\\003' | " + line("-tt", "follow"));
    Ended ended = receiver.run(folder, shell);
    assertThat(ended.out()).contains("following");
    assertThat(ended.code()).isEqualTo(3);
  }

  @Test
  void commandsAreParsedNotShelledAndGetTheirInput() throws Exception {
    assertThat(receiver.runSsh("alice", "config set 'A=b c'; id").out())
        .isEqualTo("alice [config, set, A=b c;, id]\n");
    Ended unclosed = receiver.runSsh("alice", "run 'x");
    assertThat(unclosed.code()).isEqualTo(2);
    assertThat(unclosed.err()).startsWith("error: The command line ends inside a quotation");
    List<String> shell =
        List.of("sh", "-c", "head -c 3000000 /dev/zero | " + line("cat") + " | wc -c");
    assertThat(receiver.run(folder, shell).out().strip()).isEqualTo("3000000");
  }

  private String line(String option, String remote) {
    return String.join(" ", receiver.ssh("alice")) + " " + option + " paas@127.0.0.1 " + remote;
  }

  private String line(String remote) {
    return String.join(" ", receiver.ssh("alice")) + " paas@127.0.0.1 " + remote;
  }

  @Test
  void noCommandIsGreeted() throws Exception {
    Ended greeted = receiver.runSsh("alice");
    assertThat(greeted.out()).isEqualTo("Hi alice!\n");
    assertThat(greeted.code()).isZero();
  }

  @Test
  void ecdsaAndRsaKeysWithSha2AreTaken() throws Exception {
    receiver.controlPlane.users.put(receiver.newKey("ec", "ecdsa", "-b", "384"), "eve");
    receiver.controlPlane.users.put(receiver.newKey("rsa", "rsa", "-b", "2048"), "ron");
    assertThat(receiver.runSsh("ec", "x").out()).isEqualTo("eve [x]\n");
    assertThat(receiver.runSsh("rsa", "x").out()).isEqualTo("ron [x]\n");
    List<String> sha1 = receiver.ssh("rsa", "-o", "PubkeyAcceptedAlgorithms=ssh-rsa");
    sha1.addAll(List.of("paas@127.0.0.1", "x"));
    assertThat(receiver.run(folder, sha1).code()).isEqualTo(255);
  }

  @Test
  void unknownKeysAreRefused() throws Exception {
    receiver.newKey("mallory", "ed25519");
    Ended refused = receiver.runSsh("mallory", "apps");
    assertThat(refused.code()).isEqualTo(255);
    assertThat(refused.err()).contains("Permission denied (publickey)");
  }

  @Test
  void anotherUsersAppAndNoAppGetTheSameAnswer() throws Exception {
    receiver.controlPlane.users.put(receiver.newKey("bob", "ed25519"), "bob");
    Path tree = receiver.workTree("tree");
    AppName shop = new AppName("shop");
    assertThat(receiver.git("alice", tree, "push", receiver.url(shop), "main").code()).isZero();
    Ended others = receiver.git("bob", tree, "fetch", receiver.url(shop), "main");
    Ended absent = receiver.git("bob", tree, "fetch", receiver.url(new AppName("nope")), "main");
    assertThat(others.code()).isEqualTo(absent.code());
    assertThat(others.err()).isEqualTo(absent.err().replace("nope", "shop"));
    assertThat(others.err())
        .startsWith("error: There is no app of this name, or it is not yours: shop");
  }

  @Test
  void weakAlgorithmsAreNotOffered() throws Exception {
    for (String option :
        List.of(
            "Ciphers=aes128-cbc",
            "MACs=hmac-sha1",
            "KexAlgorithms=diffie-hellman-group14-sha1",
            "HostKeyAlgorithms=ssh-rsa")) {
      List<String> command = receiver.ssh("alice", "-o", option);
      if (option.startsWith("MACs")) {
        command.addAll(1, List.of("-o", "Ciphers=aes128-ctr"));
      }
      command.addAll(List.of("paas@127.0.0.1", "x"));
      Ended refused = receiver.run(folder, command);
      assertThat(refused.code()).as(option).isEqualTo(255);
      assertThat(refused.err()).as(option).contains("no matching");
    }
    List<String> verbose = receiver.ssh("alice", "-vv");
    verbose.addAll(List.of("paas@127.0.0.1", "x"));
    assertThat(receiver.run(folder, verbose).err())
        .contains("kex-strict-s-v00@openssh.com")
        .doesNotContainPattern("peer server KEXINIT proposal(?s:.)*(cbc|hmac-sha1,|group1-sha1)");
  }

  @Test
  void forwardingSftpAndTerminalsAreRefused() throws Exception {
    List<String> sftp = receiver.ssh("alice", "-s");
    sftp.addAll(List.of("paas@127.0.0.1", "sftp"));
    assertThat(receiver.run(folder, sftp).err()).contains("subsystem request failed");
    List<String> forward = receiver.ssh("alice", "-W", "127.0.0.1:22");
    forward.add("paas@127.0.0.1");
    assertThat(receiver.run(folder, forward))
        .satisfies(
            refused -> {
              assertThat(refused.code()).isNotZero();
              assertThat(refused.err()).contains("administratively prohibited", "paas forward");
            });
    List<String> remote =
        receiver.ssh("alice", "-o", "ExitOnForwardFailure=yes", "-R", "0:127.0.0.1:22");
    remote.addAll(List.of("paas@127.0.0.1", "x"));
    assertThat(receiver.run(folder, remote).err()).contains("forwarding failed");
  }

  @Test
  void silentConnectionsKeepNobodyOut() throws Exception {
    List<Socket> silent = new ArrayList<>();
    try {
      for (int i = 0; i < 40; i++) {
        silent.add(new Socket(InetAddress.getLoopbackAddress(), receiver.port()));
      }
      assertThat(receiver.runSsh("alice", "x").out()).isEqualTo("alice [x]\n");
      await().atMost(5, SECONDS).until(() -> silent.stream().filter(AccessIT::isOpen).count() <= 3);
      await()
          .atMost(10, SECONDS)
          .until(() -> silent.stream().noneMatch(AccessIT::isOpen)); // authentication time-out
    } finally {
      for (Socket socket : silent) {
        socket.close();
      }
    }
  }

  private static boolean isOpen(Socket socket) {
    try {
      socket.setSoTimeout(1);
      byte[] greeting = new byte[64];
      return socket.getInputStream().read(greeting) >= 0;
    } catch (java.net.SocketTimeoutException waiting) {
      return true;
    } catch (IOException closed) {
      return false;
    }
  }

  @Test
  void theHostKeyIsKeptAndForItsOwnerAlone() throws Exception {
    Path key = folder.resolve("hostkey/ssh_host_ed25519_key");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
        .isEqualTo("rw-------");
    assertThat(Files.readString(key)).startsWith("-----BEGIN OPENSSH PRIVATE KEY-----");
    String before = receiver.run(folder, List.of("ssh-keygen", "-lf", key.toString())).out();
    assertThat(HostKey.in(folder.resolve("hostkey")).publicKey().fingerprint())
        .isEqualTo(before.split(" ")[1]);
  }
}
