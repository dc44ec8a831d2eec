package dev.paas.api.store;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The distribution's PostgreSQL with a cluster of its own in a folder of the test, on a loopback
 * port. The folder is the caller's to delete once this is closed.
 */
public final class PostgreSqlServer implements AutoCloseable {

  /** The cluster's superuser; H2's has the same name. */
  public static final String USER = "sa";

  /** Whom the distribution's package makes; the server refuses to run as root. */
  private static final String UNPRIVILEGED = "postgres";

  private static final Path INSTALLED = Path.of("/usr/lib/postgresql");
  private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

  private final Path programs;
  private final Path folder;
  private final int port;
  private boolean runs;

  private PostgreSqlServer(Path programs, Path folder, int port) {
    this.programs = programs;
    this.folder = folder;
    this.port = port;
  }

  /** Makes a cluster below {@code parent} and starts its server. */
  public static PostgreSqlServer startIn(Path parent) throws IOException {
    Path folder = Files.createDirectory(parent.resolve("postgresql"));
    if (ROOT) {
      Set<PosixFilePermission> passable = EnumSet.of(PosixFilePermission.OTHERS_EXECUTE);
      passable.addAll(Files.getPosixFilePermissions(parent));
      Files.setPosixFilePermissions(parent, passable);
      UserPrincipalLookupService users = folder.getFileSystem().getUserPrincipalLookupService();
      Files.setOwner(folder, users.lookupPrincipalByName(UNPRIVILEGED));
    }
    PostgreSqlServer server = new PostgreSqlServer(newest(), folder, freePort());
    server.run(
        "initdb",
        "--auth=trust",
        "--username=" + USER,
        "--encoding=UTF8",
        "--no-locale",
        "--no-sync",
        "--pgdata=" + server.cluster());
    Runtime.getRuntime().addShutdownHook(new Thread(server::endWithTheProcess, "postgresql-end"));
    server.start();
    return server;
  }

  private static Path newest() throws IOException {
    String missing = "PostgreSQL's server is not installed; bin/prepare test does that";
    if (!Files.isDirectory(INSTALLED)) {
      throw new IllegalStateException(missing);
    }
    try (Stream<Path> versions = Files.list(INSTALLED)) {
      return versions
          .filter(version -> Files.isExecutable(version.resolve("bin/initdb")))
          .max(Comparator.comparingInt(version -> Integer.parseInt(version.getFileName() + "")))
          .orElseThrow(() -> new IllegalStateException(missing))
          .resolve("bin");
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** A database of this server: durable commits, and no wait for a lock without an end. */
  public String url(String database) {
    return "jdbc:postgresql://127.0.0.1:"
        + port
        + "/"
        + database
        + "?connectTimeout=10&options=-c%20synchronous_commit=on%20-c%20lock_timeout=10s";
  }

  /** Makes an empty database and says its URL. */
  public String create(String database) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url("postgres"), USER, "");
        Statement statement = connection.createStatement()) {
      statement.execute("create database " + database);
    }
    return url(database);
  }

  /** Returns when it answers. */
  public synchronized void start() throws IOException {
    String options = "-c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c port=" + port;
    // From here on there may be a server to end, even if it is never seen to answer.
    runs = true;
    run(
        "pg_ctl",
        "start",
        "--wait",
        "--pgdata=" + cluster(),
        "--log=" + folder.resolve("server.log"),
        "--options=" + options);
  }

  /** Ends every process of it at once, as a crash does: the next start recovers from its log. */
  public void crash() throws IOException {
    stop("immediate");
  }

  private synchronized void stop(String mode) throws IOException {
    if (runs) {
      run("pg_ctl", "stop", "--wait", "--mode=" + mode, "--pgdata=" + cluster());
      runs = false;
    }
  }

  @Override
  public void close() throws IOException {
    stop("fast");
  }

  private void endWithTheProcess() {
    try {
      stop("immediate");
    } catch (IOException gone) {
      System.err.println(gone.getMessage());
    }
  }

  private Path cluster() {
    return folder.resolve("cluster");
  }

  private void run(String program, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    if (ROOT) {
      command.addAll(
          List.of(
              "setpriv", "--reuid=" + UNPRIVILEGED, "--regid=" + UNPRIVILEGED, "--clear-groups"));
    }
    command.add(programs.resolve(program).toString());
    command.addAll(List.of(arguments));
    Path output = folder.resolve(program + ".log");
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.redirectErrorStream(true).redirectOutput(output.toFile());
    builder.redirectInput(new File("/dev/null"));
    try {
      if (builder.start().waitFor() != 0) {
        throw new IOException(command + ": " + Files.readString(output));
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IOException(stopped);
    }
  }
}
