package dev.paas.acceptance.soak;

import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Clients that ask the apps all the time, each on a keep-alive connection of its own. */
final class Load implements AutoCloseable {
  private static final int LONGEST_PAUSE_MILLIS = 30;
  private static final int LARGEST_BODY = 256 << 10;
  private static final int LONGEST_WAIT_MILLIS = 2_000;
  private static final int MOST_PARTS = 40;

  private final int port;
  private final String domain;
  private final Tally tally;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final ExecutorService threads;

  /** A client: what it asks one app. */
  record Client(SoakApp app, Kind kind) {}

  /** A kind of request. */
  enum Kind {
    PAGE,
    ECHO,
    SLOW,
    PARTS
  }

  Load(int port, String domain, Tally tally, List<Client> clients, long seed) {
    this.port = port;
    this.domain = domain;
    this.tally = tally;
    this.threads = Executors.newFixedThreadPool(clients.size());
    for (int i = 0; i < clients.size(); i++) {
      Client client = clients.get(i);
      Random random = new Random(seed + i);
      threads.execute(() -> keepAsking(client, random));
    }
  }

  private void keepAsking(Client client, Random random) {
    try (Connection connection = new Connection(port)) {
      do {
        switch (client.kind) {
          case PAGE -> page(client.app, connection, "/", true);
          case SLOW ->
              page(
                  client.app, connection, "/slow?ms=" + random.nextInt(LONGEST_WAIT_MILLIS), false);
          case ECHO -> echo(client.app, connection, random);
          case PARTS -> parts(client.app, connection, random);
        }
      } while (!ended.await(random.nextInt(LONGEST_PAUSE_MILLIS), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void page(SoakApp app, Connection connection, String path, boolean timed) {
    new Request("GET", app, path, new byte[0], timed)
        .check(connection, (answer, from, to) -> app.expected().allows(answer.text(), from, to));
  }

  private void echo(SoakApp app, Connection connection, Random random) {
    byte[] body = new byte[1 + random.nextInt(LARGEST_BODY)];
    random.nextBytes(body);
    new Request("POST", app, "/echo", body, false)
        .check(connection, (answer, from, to) -> answer.isOf(body));
  }

  private void parts(SoakApp app, Connection connection, Random random) {
    int n = 1 + random.nextInt(MOST_PARTS);
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < n; i++) {
      all.append("part ").append(i).append('\n');
    }
    String whole = all + "end\n";
    new Request("GET", app, "/parts?ms=100&n=" + n, new byte[0], false)
        .check(connection, (answer, from, to) -> answer.text().equals(whole));
  }

  private interface Check {
    boolean isRight(Connection.Answer answer, long from, long to);
  }

  private final class Request {
    private final String method;
    private final SoakApp app;
    private final String path;
    private final byte[] body;
    private final boolean timed;

    Request(String method, SoakApp app, String path, byte[] body, boolean timed) {
      this.method = method;
      this.app = app;
      this.path = path;
      this.body = body;
      this.timed = timed;
    }

    void check(Connection connection, Check check) {
      String name = method + " " + app.name() + path;
      long from = System.nanoTime();
      try {
        Connection.Answer answer = connection.ask(method, app.name() + "." + domain, path, body);
        long to = System.nanoTime();
        if (answer.status() != 200) {
          String cause = answer.status() + " " + answer.header("x-paas-error");
          tally.wrong(name, cause.strip(), from, to);
        } else if (check.isRight(answer, from, to)) {
          tally.answered(to - from, timed);
        } else {
          String text = answer.text().lines().findFirst().orElse("");
          String shown = text.substring(0, Math.min(text.length(), 60));
          tally.wrong(
              name + " answered '" + shown + "' and not " + app.expected(),
              "a wrong answer",
              from,
              to);
        }
      } catch (Connection.Broken broken) {
        tally.broken(name, broken.how(), from, System.nanoTime());
      }
    }
  }

  /** Waits for the answers that are under way; sends no more. */
  @Override
  public void close() {
    ended.countDown();
    threads.shutdown();
    try {
      if (!threads.awaitTermination(60, TimeUnit.SECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
