/*
 * The first process of an instance, a one-off process and a build step: starts one program, reaps orphans, passes signals on,
 * and sees to it that a stop reaches every process before the kernel kills what is left when this one ends.
 *
 *   init SIGNAL GRACE PROGRAM [ARGUMENT...]
 *
 * It ends with its program and has the program's exit code, 128 + n for signal n. SIGNAL, or SIGTERM, is a stop:
 *
 * 1. The program gets SIGNAL.
 * 2. When it has ended, or after a second, every other process gets SIGNAL, each one once. What a process has started since
 *    it got SIGNAL is its way to end and gets it when that process has ended; so does what reads another's output (a | b).
 * 3. When all have ended, this ends.
 *
 * Who stops an instance from outside kills it at the end of its grace. Nobody does after a stop from inside (kill 1):
 * GRACE seconds after that, this ends in any case. Every process here runs as the user that this runs as, since
 * no_new_privs holds for all of them; or this is root and has CAP_KILL.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { UNKNOWN, OWED, TOLD };
enum { SECOND = 1000, SWEEP = 100 }; /* milliseconds */
#define PIDS (1 << 22) /* The kernel's limit (PID_MAX_LIMIT). Pages of this that are never written take no memory. */
static unsigned char state[PIDS];
static pid_t highest;

static int proc; /* /proc, opened while nothing can be in the way */
static pid_t child;
static int code = -1; /* the program's; -1: it runs */
static int stop_signal, stopping;
static long long grace, deadline, next_sweep; /* milliseconds */

static long long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * SECOND + t.tv_nsec / 1000000;
}

/* The parent of a process: 0 when it is outside, -1 when the process is gone. */
static pid_t parent(pid_t pid) {
  char name[32], text[256];
  snprintf(name, sizeof name, "%d/stat", (int)pid);
  int file = openat(proc, name, O_RDONLY | O_CLOEXEC);
  if (file < 0) return -1;
  ssize_t length = read(file, text, sizeof text - 1);
  close(file);
  text[length > 0 ? length : 0] = 0;
  const char *after = strrchr(text, ')'); /* "7 (a name) S 1 ...": the name may be anything */
  int found;
  return after && sscanf(after, ") %*c %d", &found) == 1 ? found : -1;
}

/* Whether a process that is not known yet is to be told: if its nearest known ancestor still is, or there is none. */
static int is_due(pid_t pid) {
  while (pid > 1) {
    if (state[pid] != UNKNOWN) return state[pid] == OWED;
    pid = parent(pid);
    if (pid >= PIDS) return 0;
  }
  return pid >= 0;
}

/* Notes which processes are to be told. */
static void look(void) {
  static char entries[32768] __attribute__((aligned(8)));
  struct entry { unsigned long long inode; long long offset; unsigned short length; unsigned char type; char name[]; };
  long length;
  lseek(proc, 0, SEEK_SET);
  while ((length = syscall(SYS_getdents64, proc, entries, sizeof entries)) > 0) {
    for (long at = 0; at < length; at += ((struct entry *)(entries + at))->length) {
      long pid = strtol(((struct entry *)(entries + at))->name, NULL, 10);
      if (pid <= 1 || pid >= PIDS || state[pid] != UNKNOWN || !is_due((pid_t)pid)) continue;
      state[pid] = OWED;
      if (pid > highest) highest = (pid_t)pid;
    }
  }
}

/* Reads where a descriptor leads, e.g. to "pipe:[4711]". */
static int leads(pid_t pid, int descriptor, char to[64]) {
  char name[32];
  snprintf(name, sizeof name, "%d/fd/%d", (int)pid, descriptor);
  ssize_t length = readlinkat(proc, name, to, 63);
  to[length > 0 ? length : 0] = 0;
  return strncmp(to, "pipe:", 5) == 0;
}

static int writes_to(pid_t writer, pid_t reader) {
  char in[64], out[64];
  if (!leads(reader, 0, in)) return 0;
  return (leads(writer, 1, out) && strcmp(in, out) == 0) || (leads(writer, 2, out) && strcmp(in, out) == 0);
}

/* Whether a process reads what another still writes; of two that read each other, neither waits. */
static int has_a_writer(pid_t reader) {
  char in[64];
  if (!leads(reader, 0, in)) return 0;
  for (pid_t pid = 2; pid <= highest; pid++) {
    if (pid != reader && state[pid] != UNKNOWN && writes_to(pid, reader) && !writes_to(reader, pid)) return 1;
  }
  return 0;
}

static void tell(pid_t pid) {
  state[pid] = TOLD;
  kill(pid, stop_signal);
}

/* Tells all that are to be told. Processes come while it looks, so it ends when it has found none. */
static void sweep(void) {
  for (int found = 1; found;) {
    found = 0;
    look();
    for (pid_t pid = 2; pid <= highest; pid++) {
      if (state[pid] != OWED || has_a_writer(pid)) continue;
      tell(pid);
      found = 1;
    }
  }
  next_sweep = now() + SWEEP;
}

static void stop(int from_inside) {
  stopping = 1;
  next_sweep = now() + SECOND;
  if (from_inside) deadline = now() + grace;
  look(); /* All that live now: what the program starts in its handler is not among them. */
  tell(child);
}

static void received(int signal, pid_t sender) {
  if (signal == stop_signal || signal == SIGTERM) {
    if (!stopping) stop(sender != 0);
  } else if (code < 0) {
    /* What a terminal sends goes to all of the program's group, as a terminal sends it. */
    int typed = signal == SIGINT || signal == SIGQUIT || signal == SIGHUP;
    kill(typed ? -child : child, signal);
  }
}

/* Collects what has ended; 0 when nothing is left. */
static int reap(void) {
  int status;
  pid_t pid;
  while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
    if (pid < PIDS) state[pid] = UNKNOWN;
    if (pid != child) continue;
    code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    next_sweep = 0;
  }
  return pid == 0;
}

static void start(char **program, const sigset_t *mask) {
  child = fork();
  if (child != 0) return;
  setpgid(0, 0);
  /* Who is not in a terminal's foreground is stopped when it reads. SIGTTOU, for doing this from the background, is blocked. */
  if (isatty(0)) tcsetpgrp(0, getpid());
  sigprocmask(SIG_SETMASK, mask, NULL);
  execvp(program[0], program);
  int why = errno;
  dprintf(2, "%s: %s\n", program[0], why == ENOENT ? "no such program" : strerror(why));
  _exit(why == ENOENT ? 127 : 126);
}

int main(int argc, char **argv) {
  if (argc == 2 && strcmp(argv[1], "--version") == 0) return 0; /* paas doctor: it can be run here */
  if (argc < 4) return 125;
  stop_signal = atoi(argv[1]);
  grace = atoll(argv[2]) * SECOND;
  sigset_t all, before;
  sigfillset(&all);
  /* Signals that nobody handles are dropped for the first process, unless they are blocked: they wait until they are taken. */
  sigprocmask(SIG_BLOCK, &all, &before);
  proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (proc >= 0) start(argv + 3, &before);
  if (proc < 0 || child < 0) {
    dprintf(2, "init: %s\n", strerror(errno));
    return 125;
  }
  setpgid(child, child); /* Both do it: whoever comes second changes nothing. */
  for (;;) {
    siginfo_t info;
    struct timespec tick = {0, SWEEP * 1000000};
    int signal = stopping ? sigtimedwait(&all, &info, &tick) : sigwaitinfo(&all, &info);
    if (signal > 0 && signal != SIGCHLD) received(signal, info.si_pid);
    int left = reap();
    if (code >= 0 && (!stopping || !left)) return code;
    if (deadline > 0 && now() >= deadline) return code >= 0 ? code : 128 + SIGKILL;
    if (stopping && now() >= next_sweep) sweep();
  }
}
