package dev.paas.runtime.linux;

import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import org.jspecify.annotations.Nullable;

/**
 * The system calls of mounts, namespaces, processes and netlink, as glibc (2.36 or later) names
 * them.
 */
public final class Kernel {

  /** Bound by name; the arguments are those of the manual pages, section 2. */
  public interface Calls {
    int mount(String source, String target, String type, long flags, @Nullable String data);

    int umount2(String target, int flags);

    int open_tree(int directory, String path, int flags);

    int mount_setattr(int directory, String path, int flags, @In byte[] attributes, long size);

    int move_mount(int from, String fromPath, int to, String toPath, int flags);

    int open(String path, int flags);

    int close(int descriptor);

    int setns(int descriptor, int type);

    int socket(int domain, int type, int protocol);

    int bind(int socket, @In byte[] address, int length);

    int connect(int socket, @In byte[] address, int length);

    int shutdown(int socket, int how);

    int poll(@In @Out byte[] descriptors, long count, int millis);

    long write(int descriptor, @In byte[] data, long length);

    long send(int socket, @In byte[] message, long length, int flags);

    long recv(int socket, @Out byte[] message, long length, int flags);

    int setsockopt(int socket, int level, int name, @In byte[] value, int length);

    int mkfifo(String path, int mode);

    int if_nametoindex(String name);

    long syscall(long number, int directory, String path, @In byte[] how, long size);

    int pidfd_open(int pid, int flags);

    int pidfd_send_signal(int descriptor, int signal, @Nullable String info, int flags);

    int adjtimex(@In @Out byte[] timex);

    String strerror(int errno);

    int lchown(String path, int uid, int gid);
  }

  public static final Calls CALLS = LibraryLoader.create(Calls.class).failImmediately().load("c");
  private static final Runtime RUNTIME = Runtime.getRuntime(CALLS);

  private Kernel() {}

  /** The answer of a call, or what it failed with. */
  public static int checked(String call, int answer) throws KernelException {
    if (answer < 0) {
      throw new KernelException(call, RUNTIME.getLastError());
    }
    return answer;
  }

  public static long checked(String call, long answer) throws KernelException {
    if (answer < 0) {
      throw new KernelException(call, RUNTIME.getLastError());
    }
    return answer;
  }
}
