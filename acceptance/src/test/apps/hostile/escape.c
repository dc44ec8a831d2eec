// Tries what would lead out of a container, and says what became of it: a line of a name and "DONE", or the error.
// "escape once" prints the lines; without an argument it serves them, and reaches for what it is asked to.
#define _GNU_SOURCE
#include <errno.h>
#include <dirent.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char report[64 << 10];

static void say(const char *format, ...) {
  va_list words;
  size_t used = strlen(report);
  va_start(words, format);
  vsnprintf(report + used, sizeof report - used, format, words);
  va_end(words);
}

static void told(const char *name, long result) {
  if (result < 0) {
    say("%s: %s\n", name, strerrorname_np(errno));
  } else {
    say("%s: DONE\n", name);
  }
}

#define TRY(name, call) (errno = 0, told(name, (long)(call)))
#define TRY_CALL(call, ...) TRY(#call, syscall(SYS_##call, __VA_ARGS__))

static long cloned(unsigned long flags) {
  long child = syscall(SYS_clone, flags | SIGCHLD, NULL, NULL, NULL, NULL);
  if (child == 0) {
    _exit(0);
  }
  return child;
}

static long cloned3(unsigned long flags) {
  unsigned long arguments[8] = {flags, 0, 0, 0, SIGCHLD, 0, 0, 0};
  long child = syscall(SYS_clone3, arguments, sizeof arguments);
  if (child == 0) {
    _exit(0);
  }
  return child;
}

static void opening(int flags, const char *path) {
  char name[256];
  errno = 0;
  int opened = open(path, flags | O_CLOEXEC);
  snprintf(name, sizeof name, "%s %s", flags == O_RDONLY ? "read" : "write", path);
  told(name, opened);
  close(opened);
}

// A file that reads as nothing is masked as well as one that can't be opened.
static void reading(const char *path) {
  char byte, name[256];
  int opened = open(path, O_RDONLY | O_CLOEXEC);
  long n = opened < 0 ? -1 : read(opened, &byte, 1);
  snprintf(name, sizeof name, "read %s", path);
  if (n == 0) {
    say("%s: EMPTY\n", name);
  } else {
    told(name, n);
  }
  close(opened);
}

static void device(const char *name, mode_t kind, int major, int minor) {
  mknod("/tmp/device", kind | 0600, makedev(major, minor));
  TRY(name, open("/tmp/device", O_RDONLY));
  unlink("/tmp/device");
}

static void namespaces(void) {
  TRY("unshare user", unshare(CLONE_NEWUSER));
  TRY("unshare mount", unshare(CLONE_NEWNS));
  TRY("unshare network", unshare(CLONE_NEWNET));
  TRY("unshare cgroup", unshare(CLONE_NEWCGROUP));
  TRY("clone user", cloned(CLONE_NEWUSER));
  TRY("clone mount", cloned(CLONE_NEWNS));
  TRY("clone3 user", cloned3(CLONE_NEWUSER));
  TRY("setns mount", setns(open("/proc/1/ns/mnt", O_RDONLY), 0));
  TRY("setns network", setns(open("/proc/1/ns/net", O_RDONLY), 0));
  TRY("setns of a process", setns(syscall(SYS_pidfd_open, 1, 0), CLONE_NEWNS));
}

static void mounts(void) {
  TRY("mount tmpfs", mount("none", "/tmp", "tmpfs", 0, NULL));
  TRY("mount proc", mount("none", "/tmp", "proc", 0, NULL));
  TRY("mount cgroup", mount("none", "/tmp", "cgroup", 0, "memory"));
  TRY("mount cgroup2", mount("none", "/tmp", "cgroup2", 0, NULL));
  TRY("mount bind", mount("/", "/tmp", NULL, MS_BIND, NULL));
  TRY("remount proc/sys", mount(NULL, "/proc/sys", NULL, MS_REMOUNT | MS_BIND, NULL));
  TRY("umount", umount2("/proc/sys", MNT_DETACH));
  TRY_CALL(pivot_root, "/tmp", "/tmp");
  TRY_CALL(fsopen, "tmpfs", 0);
  TRY_CALL(fspick, AT_FDCWD, "/", 0);
  TRY_CALL(open_tree, AT_FDCWD, "/", 1);
  TRY_CALL(move_mount, AT_FDCWD, "/", AT_FDCWD, "/tmp", 0);
  TRY_CALL(mount_setattr, AT_FDCWD, "/", 0, NULL, 0);
}

static void processes(void) {
  char there[8];
  struct iovec local = {there, sizeof there}, remote = {there, sizeof there};
  TRY("ptrace init", ptrace(PTRACE_ATTACH, 1, NULL, NULL));
  TRY("ptrace seize", ptrace(PTRACE_SEIZE, 1, NULL, NULL));
  TRY_CALL(process_vm_readv, 1, &local, 1, &remote, 1, 0);
  TRY_CALL(process_vm_writev, 1, &local, 1, &remote, 1, 0);
  TRY_CALL(pidfd_getfd, syscall(SYS_pidfd_open, 1, 0), 0, 0);
  TRY_CALL(kcmp, 1, 1, 0, 0, 0);
}

static void kernel(void) {
  char handle[128] = {8, 0, 0, 0, 1};
  struct timespec time = {1, 0};
  TRY_CALL(keyctl, 0, -3, 1, 0, 0);
  TRY_CALL(add_key, "user", "k", "v", 1, -3);
  TRY_CALL(request_key, "user", "k", NULL, -3);
  TRY_CALL(bpf, 0, NULL, 0);
  TRY_CALL(perf_event_open, NULL, 0, -1, -1, 0);
  TRY_CALL(io_uring_setup, 1, NULL);
  TRY_CALL(userfaultfd, 0);
  TRY_CALL(open_by_handle_at, AT_FDCWD, handle, O_RDONLY);
  TRY_CALL(fanotify_init, 0, 0);
  TRY_CALL(init_module, "", 0, "");
  TRY_CALL(finit_module, 0, "", 0);
  TRY_CALL(delete_module, "no_such_module", O_NONBLOCK);
  TRY_CALL(kexec_load, 0, 0, NULL, 0);
  TRY_CALL(reboot, 0xfee1dead, 672274793, 0, NULL);
  TRY_CALL(syslog, 10, NULL, 0);
  TRY_CALL(swapon, "/tmp/none", 0);
  TRY_CALL(acct, NULL);
  TRY_CALL(quotactl, 0x800001, NULL, 0, NULL);
  TRY_CALL(sethostname, "x", 1);
  TRY_CALL(clock_settime, CLOCK_REALTIME, &time);
#ifdef SYS_iopl
  TRY_CALL(iopl, 3);
  TRY_CALL(ioperm, 0, 8, 1);
#endif
  TRY_CALL(lookup_dcookie, 0, NULL, 0);
  TRY_CALL(nfsservctl, 0, NULL, NULL);
}

static void sockets(void) {
  TRY("socket packet", socket(AF_PACKET, SOCK_RAW, 0));
  TRY("socket raw", socket(AF_INET, SOCK_RAW, IPPROTO_ICMP));
  TRY("socket raw6", socket(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6));
  TRY("socket alg", socket(AF_ALG, SOCK_SEQPACKET, 0));
  TRY("socket vsock", socket(AF_VSOCK, SOCK_STREAM, 0));
  TRY("socket bluetooth", socket(AF_BLUETOOTH, SOCK_RAW, 0));
}

static void files(void) {
  static const char *const read_only[] = {
      "/proc/sys/kernel/core_pattern", "/proc/sys/kernel/modprobe", "/proc/sys/kernel/panic",
      "/proc/sys/vm/overcommit_memory", "/proc/sys/net/ipv4/ip_forward", "/proc/sysrq-trigger",
      "/proc/irq/0/smp_affinity", "/sys/kernel/uevent_helper", "/sys/kernel/mm/ksm/run",
      "/sys/fs/cgroup/release_agent", "/sys/fs/cgroup/memory/release_agent", "/sys/fs/cgroup/cgroup.procs",
      "/sys/fs/cgroup/memory/cgroup.procs", "/sys/fs/cgroup/memory/memory.limit_in_bytes",
      "/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/pids.max", "/run/paas/init", "/proc/1/exe", "/etc/resolv.conf",
      "/etc/hosts"};
  static const char *const secret[] = {
      "/proc/kcore", "/proc/keys", "/proc/timer_list", "/proc/sched_debug", "/proc/interrupts",
      "/sys/firmware/dmi/tables/DMI", "/dev/mem", "/dev/kmsg", "/dev/port", "/dev/vda",
      "/dev/sda", "/dev/loop0", "/dev/fuse", "/dev/kvm", "/dev/net/tun", "/dev/mapper/control"};
  for (size_t i = 0; i < sizeof read_only / sizeof *read_only; i++) {
    opening(O_WRONLY, read_only[i]);
  }
  for (size_t i = 0; i < sizeof secret / sizeof *secret; i++) {
    reading(secret[i]);
  }
  device("device mem", S_IFCHR, 1, 1);
  device("device disk", S_IFBLK, 254, 0);
  device("device loop", S_IFBLK, 7, 0);
  device("device fuse", S_IFCHR, 10, 229);
  TRY("fallocate", fallocate(open("/var/tmp/large", O_CREAT | O_WRONLY, 0600), 0, 0, 1L << 30));
  unlink("/var/tmp/large");
}

// What whoever started the program has left open for it.
static void descriptors(void) {
  DIR *all = opendir("/proc/self/fd");
  struct dirent *entry;
  while ((entry = readdir(all))) {
    int number = atoi(entry->d_name);
    if (number > 2 && number != dirfd(all)) {
      say("descriptor %d: DONE\n", number);
    }
  }
  closedir(all);
  say("descriptors: LISTED\n");
}

static void examine(void) {
  report[0] = 0;
  descriptors();
  namespaces();
  mounts();
  processes();
  kernel();
  sockets();
  files();
  while (waitpid(-1, NULL, WNOHANG) > 0) {
  }
  for (int fd = 3; fd < 256; fd++) {
    close(fd);
  }
}

static const char *connected(int fd, const struct sockaddr *address, socklen_t length) {
  struct pollfd ready = {fd, POLLOUT, 0};
  int error = 0;
  socklen_t size = sizeof error;
  fcntl(fd, F_SETFL, O_NONBLOCK);
  if (connect(fd, address, length) < 0 && errno != EINPROGRESS) {
    return strerrorname_np(errno);
  }
  if (poll(&ready, 1, 1500) == 0) {
    return "silent";
  }
  getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
  return error ? strerrorname_np(error) : "open";
}

static const char *reached(const char *host, const char *port) {
  struct addrinfo hints = {.ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM}, *found;
  if (getaddrinfo(host, port, &hints, &found) != 0) {
    return "no address";
  }
  int fd = socket(found->ai_family, SOCK_STREAM, 0);
  const char *answer = fd < 0 ? strerrorname_np(errno) : connected(fd, found->ai_addr, found->ai_addrlen);
  close(fd);
  freeaddrinfo(found);
  return answer;
}

static const char *reached_unix(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  strncpy(address.sun_path, path, sizeof address.sun_path - 1);
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  const char *answer = connected(fd, (struct sockaddr *)&address, sizeof address);
  close(fd);
  return answer;
}

// GET /reach/HOST/PORT, /unix/PATH or anything else
static void answer(int client) {
  char request[8192], *word, *saved;
  ssize_t n = read(client, request, sizeof request - 1);
  request[n < 0 ? 0 : n] = 0;
  strtok_r(request, " ", &saved);
  word = strtok_r(NULL, " ", &saved);
  const char *body = report;
  if (word && strncmp(word, "/reach/", 7) == 0) {
    char *host = word + 7, *port = strchr(host, '/');
    if (port) {
      *port++ = 0;
      body = reached(host, port);
    }
  } else if (word && strncmp(word, "/unix/", 6) == 0) {
    body = reached_unix(word + 5);
  }
  dprintf(client, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n%s", strlen(body), body);
  close(client);
}

int main(int count, char **words) {
  examine();
  if (count > 1 && strcmp(words[1], "once") == 0) {
    fputs(report, stdout);
    return 0;
  }
  const char *port = getenv("PORT");
  struct sockaddr_in6 any = {.sin6_family = AF_INET6, .sin6_port = htons(port ? atoi(port) : 5000)};
  int server = socket(AF_INET6, SOCK_STREAM, 0);
  if (bind(server, (struct sockaddr *)&any, sizeof any) < 0 || listen(server, 64) < 0) {
    perror("listen");
    return 1;
  }
  signal(SIGCHLD, SIG_IGN);
  for (;;) {
    int client = accept(server, NULL, NULL);
    if (client >= 0 && fork() == 0) {
      answer(client);
      _exit(0);
    }
    close(client);
  }
}
