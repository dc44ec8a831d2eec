package dev.paas.runtime.linux.mount;

import static dev.paas.runtime.linux.Kernel.CALLS;
import static dev.paas.runtime.linux.Kernel.checked;

import dev.paas.runtime.linux.Descriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An open user namespace that maps 0 and up to a range of host ids (user_namespaces(7)). A JVM has
 * threads and can't make one itself: a child makes it, this keeps it open, the child ends.
 *
 * <p>It belongs to the first id of its range: what the kernel counts for the owner of a namespace
 * (inotify instances and watches, message queues, pending signals, locked memory) is counted for
 * that id, and not for root, who would own the namespaces of all apps.
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
        new ProcessBuilder(
                "setpriv",
                "--reuid=" + first,
                "--regid=" + first,
                "--clear-groups",
                // Hosts may keep unprivileged users from making namespaces.
                "--inh-caps=-all,+sys_admin",
                "--ambient-caps=-all,+sys_admin",
                "unshare",
                "--user",
                "sh",
                "-c",
                "echo made; read -r _")
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
      // Nobody shall take it for a process of the app.
      child.destroyForcibly().onExit().join();
    }
  }

  /** Where another process of root finds it for as long as it is open. */
  public Path path() {
    return Path.of(
        "/proc",
        Long.toString(ProcessHandle.current().pid()),
        "fd",
        Integer.toString(descriptor.number()));
  }

  Descriptor descriptor() {
    return descriptor;
  }

  @Override
  public void close() {
    descriptor.close();
  }
}
