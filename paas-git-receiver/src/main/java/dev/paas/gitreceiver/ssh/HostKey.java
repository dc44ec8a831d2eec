package dev.paas.gitreceiver.ssh;

import dev.paas.base.disk.DurableFile;
import dev.paas.gitreceiver.key.SshPublicKey;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.loader.openssh.OpenSSHKeyPairResourceParser;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.keyprovider.KeyPairProvider;

/**
 * The server's Ed25519 key in {@code <folder>/ssh_host_ed25519_key} (OpenSSH's PEM, 0600), made
 * durably at the first start. Clients pin it: a file that can't be read stops the start rather than
 * be replaced.
 */
final class HostKey {

  private static final int ED25519_BITS = 256;

  private final KeyPair pair;

  private HostKey(KeyPair pair) {
    this.pair = pair;
  }

  static HostKey in(Path folder) throws IOException {
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    DurableFile file = new DurableFile(folder.resolve("ssh_host_ed25519_key"));
    try {
      byte[] pem = file.read().orElse(null);
      if (pem == null) {
        pem = generate();
        file.write(pem);
      }
      return new HostKey(parse(file.path(), pem));
    } catch (GeneralSecurityException unreadable) {
      throw new IOException("can't read the host key " + file.path(), unreadable);
    }
  }

  private static byte[] generate() throws IOException, GeneralSecurityException {
    KeyPair pair = KeyUtils.generateKeyPair(KeyPairProvider.SSH_ED25519, ED25519_BITS);
    ByteArrayOutputStream pem = new ByteArrayOutputStream();
    OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(pair, "paas", null, pem);
    return pem.toByteArray();
  }

  private static KeyPair parse(Path file, byte[] pem) throws IOException, GeneralSecurityException {
    return OpenSSHKeyPairResourceParser.INSTANCE
        .loadKeyPairs(
            null,
            NamedResource.ofName(file.toString()),
            FilePasswordProvider.EMPTY,
            new ByteArrayInputStream(pem))
        .iterator()
        .next();
  }

  KeyPair pair() {
    return pair;
  }

  SshPublicKey publicKey() {
    return SshPublicKey.of(pair.getPublic());
  }
}
