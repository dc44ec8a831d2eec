package dev.paas.runtime.linux;

import static dev.paas.runtime.linux.Kernel.CALLS;
import static dev.paas.runtime.linux.Kernel.checked;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An open user namespace that maps 0 and up to a range of host ids (user_namespaces(7)). A JVM has
 * threads and can't make one itself: a child makes it, this keeps it open, the child ends.
 */
public final class UserNamespace implements AutoCloseable {

  private static final int O_RDONLY_CLOEXEC = 0x80000;

  private final Descriptor descriptor;

  private UserNamespace(Descriptor descriptor) {
    this.descriptor = descriptor;
  }

  /** Maps {@code count} ids from 0 to the host's ids from {@code first}, users and groups alike. */
  public static UserNamespace mapping(long first, int count) throws IOException {
    Process child =
        new ProcessBuilder("unshare", "--user", "sh", "-c", "echo made; read -r _")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      if (child.getInputStream().read() != 'm') {
        throw new IOException("this host makes no user namespaces");
      }
      Path process = Path.of("/proc", Long.toString(child.pid()));
      String map = "0 " + first + " " + count + "\n";
      Files.writeString(process.resolve("uid_map"), map);
      Files.writeString(process.resolve("gid_map"), map);
      String path = process.resolve("ns/user").toString();
      return new UserNamespace(
          new Descriptor(checked("open " + path, CALLS.open(path, O_RDONLY_CLOEXEC))));
    } finally {
      child.destroyForcibly();
    }
  }

  Descriptor descriptor() {
    return descriptor;
  }

  @Override
  public void close() {
    descriptor.close();
  }
}
