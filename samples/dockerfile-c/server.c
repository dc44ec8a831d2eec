// A small HTTP server: one request a connection, answered from memory.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define VERSION "version 1"

static volatile sig_atomic_t stopping;

static void stop(int signal) {
  (void)signal;
  stopping = 1;
}

// Reads up to the end of the request's head; longer heads are cut.
static int read_head(int client, char *head, size_t size) {
  size_t have = 0;
  head[0] = 0;
  while (have + 1 < size && !strstr(head, "\r\n\r\n")) {
    ssize_t got = recv(client, head + have, size - 1 - have, 0);
    if (got <= 0) return -1;
    have += (size_t)got;
    head[have] = 0;
  }
  return 0;
}

static void answer(int client, const char *head) {
  char path[256] = "", body[512] = "", response[1024];
  const char *status = "200 OK";
  sscanf(head, "%*s %255s", path);
  if (!strcmp(path, "/")) {
    snprintf(body, sizeof body, "Hello from C, " VERSION "\n");
  } else if (!strcmp(path, "/instance")) {
    char host[256] = "";
    gethostname(host, sizeof host - 1);
    snprintf(body, sizeof body, "%s\n", host);
  } else {
    status = "404 Not Found";
    snprintf(body, sizeof body, "not found\n");
  }
  int is_head = !strncmp(head, "HEAD ", 5);
  int length = snprintf(response, sizeof response,
      "HTTP/1.1 %s\r\nContent-Type: text/plain\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n%s",
      status, strlen(body), is_head ? "" : body);
  send(client, response, (size_t)length, MSG_NOSIGNAL);
}

// A process for each connection: a slow client holds up nobody else.
static void serve(int client) {
  char head[8192];
  struct timeval patience = {.tv_sec = 5};
  setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (!read_head(client, head, sizeof head)) answer(client, head);
  _exit(0);
}

int main(void) {
  const char *port = getenv("PORT");
  struct sockaddr_in address = {.sin_family = AF_INET,
      .sin_port = htons((unsigned short)(port ? atoi(port) : 5000)),
      .sin_addr.s_addr = htonl(INADDR_ANY)};
  // Without SA_RESTART, so that a signal ends accept.
  struct sigaction on_stop = {.sa_handler = stop};
  sigaction(SIGTERM, &on_stop, NULL);
  sigaction(SIGINT, &on_stop, NULL);
  signal(SIGCHLD, SIG_IGN);  // nobody waits for the children

  int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
  if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 128)) {
    perror("listen");
    return 1;
  }
  printf("listening on %d\n", ntohs(address.sin_port));
  fflush(stdout);
  while (!stopping) {
    int client = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (client < 0) continue;
    if (fork() == 0) serve(client);
    close(client);
  }
  puts("stopping");
  return 0;
}
