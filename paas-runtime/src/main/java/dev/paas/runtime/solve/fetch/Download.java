package dev.paas.runtime.solve.fetch;

import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.DataSize;
import dev.paas.runtime.content.Sha256;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.SocketException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One file that is downloaded for a build by HTTP (RFC 9110), whose head has arrived. Each address
 * on the way is held to the {@link Reach}, and everything that the other side decides has a bound:
 * how often it redirects, how much it sends and how long it takes.
 */
public final class Download implements AutoCloseable {

  private static final int MAX_REDIRECTS = 5;
  private static final int MAX_VALIDATOR = 1000;

  /**
   * What a download may take.
   *
   * @param time for all of it
   */
  public record Limits(DataSize size, Duration time, Reach reach) {}

  /** Where a download may come from. */
  public interface Reach {
    boolean has(InetAddress address) throws SocketException;
  }

  private final String url;
  private final Limits limits;
  private final Cutoff cutoff;
  private @Nullable HttpGet answer;

  private Download(String url, Limits limits) {
    this.url = url;
    this.limits = limits;
    this.cutoff = new Cutoff(limits.time());
  }

  /**
   * Asks for a file. Interrupt the calling thread to end it at once, here and while it arrives.
   *
   * @throws PaasException {@code build.bad-url}, {@code build.private-address}, {@code
   *     build.download-failed}
   * @throws InterruptedIOException when the thread is interrupted
   */
  public static Download open(String url, Limits limits) throws IOException {
    Download download = new Download(url, limits);
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
      HttpHead head = ask(uri);
      switch (head.status()) {
        case 200 -> {
          return;
        }
        case 301, 302, 303, 307, 308 -> {
          uri = redirected(uri, head.field("Location").orElse(null));
          answered().close();
        }
        default -> throw failed("the server answered " + head.status());
      }
    }
    throw failed("it redirects more than " + MAX_REDIRECTS + " times");
  }

  private HttpHead ask(URI uri) throws IOException {
    List<InetAddress> addresses = addresses(uri);
    try {
      HttpGet sent = HttpGet.send(uri, addresses, cutoff);
      answer = sent;
      return sent.head();
    } catch (IOException unreachable) {
      throw ended("it can't be reached", unreachable);
    }
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
            "A file can't be downloaded from this address",
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

  /** What the host's name stands for now; none of it may be private. */
  private List<InetAddress> addresses(URI uri) throws IOException {
    InetAddress[] all;
    try {
      all = InetAddress.getAllByName(HttpGet.bareHost(uri));
    } catch (UnknownHostException unknown) {
      throw failed("its host is not known");
    }
    for (InetAddress address : all) {
      if (!limits.reach().has(address)) {
        throw Problem.of(
                Kind.IMPOSSIBLE,
                "build.private-address",
                "What is to be downloaded has a private address, which builds don't reach",
                url,
                "Commit the file and COPY it, or let the operator set build.private-registries.")
            .asException();
      }
    }
    return List.of(all);
  }

  /** What stands for the content as long as it stays the same (RFC 9110, 8.8.3: a strong tag). */
  public Optional<String> validator() {
    return answered()
        .head()
        .field("ETag")
        .filter(given -> given.startsWith("\"") && given.length() <= MAX_VALIDATOR);
  }

  /** In seconds since 1970; that is also the time of a file without one, as in Docker. */
  public long lastModified() {
    try {
      return answered()
          .head()
          .field("Last-Modified")
          .map(date -> Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date)))
          .map(time -> Math.max(0, time.getEpochSecond()))
          .orElse(0L);
    } catch (DateTimeException unreadable) {
      return 0;
    }
  }

  /**
   * Writes what arrives, and answers with its digest.
   *
   * @param file is made, and holds a part when this fails
   * @throws PaasException {@code build.download-too-large}, {@code build.download-failed}
   */
  public Sha256 writeTo(Path file) throws IOException {
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
    HttpGet from = answered();
    try {
      if (!from.head().isChunked() && from.head().length() > limits.size().bytes()) {
        throw tooLarge();
      }
      return from.content().read(buffer);
    } catch (IOException broken) {
      throw ended("it breaks off", broken);
    }
  }

  /** Why something has ended: its own fault comes last. */
  private IOException ended(String what, IOException cause) {
    if (Thread.currentThread().isInterrupted()) {
      InterruptedIOException cancelled = new InterruptedIOException("cancelled");
      cancelled.initCause(cause);
      return cancelled;
    }
    PaasException failed =
        cutoff.isExpired()
            ? failed("it takes longer than " + limits.time().toSeconds() + " s")
            : failed(what + " (" + cause.getMessage() + ")");
    failed.addSuppressed(cause);
    throw failed;
  }

  private HttpGet answered() {
    HttpGet made = answer;
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
  public void close() throws IOException {
    try (cutoff) {
      if (answer != null) {
        answer.close();
      }
    }
  }
}
