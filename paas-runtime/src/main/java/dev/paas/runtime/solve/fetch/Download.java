package dev.paas.runtime.solve.fetch;

import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.DataSize;
import dev.paas.base.time.Ticker;
import dev.paas.runtime.content.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One file that is downloaded for a build by HTTP (RFC 9110), whose head has arrived. Each address
 * on the way is held to {@link PublicAddresses}, and everything that the other side decides has a
 * bound: how often it redirects, how much it sends and how long it takes.
 */
public final class Download implements AutoCloseable {

  private static final int CONNECT_TIMEOUT_MILLIS = 10_000;

  /** Without a byte; a build that is cancelled waits no longer for one that is silent. */
  private static final int READ_TIMEOUT_MILLIS = 20_000;

  private static final int MAX_REDIRECTS = 5;
  private static final int MAX_VALIDATOR = 1000;

  /**
   * What a download may take.
   *
   * @param time for all of it
   * @param privateAddresses whether it may come from this host or its own network
   */
  public record Limits(DataSize size, Duration time, boolean privateAddresses) {}

  private final String url;
  private final Limits limits;
  private final Ticker ticker;
  private final long started;
  private @Nullable HttpURLConnection connection;

  private Download(String url, Limits limits, Ticker ticker) {
    this.url = url;
    this.limits = limits;
    this.ticker = ticker;
    this.started = ticker.nanos();
  }

  /**
   * Asks for a file.
   *
   * @throws PaasException {@code build.bad-url}, {@code build.private-address}, {@code
   *     build.download-failed}
   */
  public static Download open(String url, Limits limits, Ticker ticker) throws IOException {
    Download download = new Download(url, limits, ticker);
    try {
      download.ask();
      return download;
    } catch (IOException | RuntimeException | Error failed) {
      download.close();
      throw failed;
    }
  }

  private void ask() throws IOException {
    URI uri = parsed(url);
    for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
      HttpURLConnection answered = connect(uri);
      connection = answered;
      int status;
      try {
        status = answered.getResponseCode();
      } catch (IOException unreachable) {
        throw failed("it can't be reached (" + unreachable.getMessage() + ")");
      }
      switch (status) {
        case 200 -> {
          return;
        }
        case 301, 302, 303, 307, 308 -> {
          uri = redirected(uri, answered.getHeaderField("Location"));
          answered.disconnect();
        }
        default -> throw failed("the server answered " + status);
      }
      checkTime();
    }
    throw failed("it redirects more than " + MAX_REDIRECTS + " times");
  }

  private URI parsed(String text) {
    try {
      URI uri = new URI(text);
      boolean http = "http".equalsIgnoreCase(uri.getScheme());
      boolean https = "https".equalsIgnoreCase(uri.getScheme());
      if ((http || https) && uri.getHost() != null && uri.getUserInfo() == null) {
        return uri;
      }
    } catch (URISyntaxException malformed) {
      // said below
    }
    throw Problem.of(
            Kind.IMPOSSIBLE,
            "build.bad-url",
            "This is no address that a file can be downloaded from",
            text,
            "Write http:// or https://, a host and a path; encode blanks as %20, and give no"
                + " password.")
        .asException();
  }

  private URI redirected(URI from, @Nullable String location) {
    if (location == null) {
      throw failed("it redirects to nowhere");
    }
    URI to;
    try {
      to = parsed(from.resolve(new URI(location)).toString());
    } catch (URISyntaxException | IllegalArgumentException malformed) {
      throw failed("it redirects to nowhere");
    }
    if ("https".equalsIgnoreCase(from.getScheme()) && !"https".equalsIgnoreCase(to.getScheme())) {
      throw failed("it redirects from https to http");
    }
    return to;
  }

  private HttpURLConnection connect(URI uri) throws IOException {
    refusePrivate(uri);
    HttpURLConnection made = (HttpURLConnection) uri.toURL().openConnection();
    made.setInstanceFollowRedirects(false);
    made.setConnectTimeout(CONNECT_TIMEOUT_MILLIS);
    made.setReadTimeout(READ_TIMEOUT_MILLIS);
    made.setRequestProperty("User-Agent", "paas");
    made.setRequestProperty("Accept", "*/*");
    made.setRequestProperty("Accept-Encoding", "identity");
    return made;
  }

  /** The JVM keeps what it has looked up for longer than it takes from here to the connection. */
  private void refusePrivate(URI uri) throws IOException {
    if (limits.privateAddresses()) {
      return;
    }
    try {
      for (InetAddress address : InetAddress.getAllByName(uri.getHost())) {
        if (!PublicAddresses.has(address)) {
          throw Problem.of(
                  Kind.IMPOSSIBLE,
                  "build.private-address",
                  "What is to be downloaded has a private address, which builds don't reach",
                  url,
                  "Commit the file and COPY it, or let the operator set build.private-registries.")
              .asException();
        }
      }
    } catch (UnknownHostException unknown) {
      throw failed("its host is not known");
    }
  }

  /** What stands for the content as long as it stays the same (RFC 9110, 8.8.3: a strong tag). */
  public Optional<String> validator() {
    String tag = answered().getHeaderField("ETag");
    return Optional.ofNullable(tag)
        .filter(given -> given.startsWith("\"") && given.length() <= MAX_VALIDATOR);
  }

  /** In seconds since 1970; that is also the time of a file without one, as in Docker. */
  public long lastModified() {
    return Math.max(0, answered().getLastModified() / 1000);
  }

  /**
   * Writes what arrives, and answers with its digest.
   *
   * @param file is made, and holds a part when this fails
   * @throws PaasException {@code build.download-too-large}, {@code build.download-failed}
   */
  public Sha256 writeTo(Path file) throws IOException {
    if (answered().getContentLengthLong() > limits.size().bytes()) {
      throw tooLarge();
    }
    MessageDigest digest = Sha256.algorithm();
    byte[] buffer = new byte[1 << 16];
    long size = 0;
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int n = read(buffer); n >= 0; n = read(buffer)) {
        size += n;
        if (size > limits.size().bytes()) {
          throw tooLarge();
        }
        digest.update(buffer, 0, n);
        out.write(buffer, 0, n);
      }
    }
    return Sha256.finish(digest);
  }

  private int read(byte[] buffer) throws IOException {
    checkTime();
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException("cancelled");
    }
    try {
      InputStream in = answered().getInputStream();
      return in.read(buffer);
    } catch (IOException broken) {
      throw failed("it breaks off (" + broken.getMessage() + ")");
    }
  }

  private void checkTime() {
    if (ticker.since(started).compareTo(limits.time()) > 0) {
      throw failed("it takes longer than " + limits.time().toSeconds() + " seconds");
    }
  }

  private HttpURLConnection answered() {
    HttpURLConnection made = connection;
    if (made == null) {
      throw new IllegalStateException("nothing was asked for");
    }
    return made;
  }

  private PaasException tooLarge() {
    return Problem.of(
            Kind.IMPOSSIBLE,
            "build.download-too-large",
            "The file is larger than " + limits.size(),
            url,
            "Name a smaller file, or let the operator raise build.max-download.")
        .asException();
  }

  private PaasException failed(String why) {
    return Problem.of(
            Kind.IMPOSSIBLE,
            "build.download-failed",
            "The file can't be downloaded: " + why,
            url,
            "Check the address, and push again when the server answers.")
        .asException();
  }

  @Override
  public void close() {
    HttpURLConnection made = connection;
    if (made != null) {
      made.disconnect(); // not the stream: closing that reads a large rest
    }
  }
}
