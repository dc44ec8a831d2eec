package dev.paas.runtime.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.paas.base.problem.PaasException;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.HttpsURLConnection;
import org.jspecify.annotations.Nullable;

/**
 * Requests to one repository of a registry, with Docker's token authentication or Basic (RFC 7617).
 * Plain HTTP is spoken to loopback only; credentials never follow a redirect to another host.
 */
final class RegistryHttp {

  private static final int CONNECT_TIMEOUT_MILLIS = 10_000;
  private static final int READ_TIMEOUT_MILLIS = 60_000;
  private static final int MAX_REDIRECTS = 5;

  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final Pattern PARAMETER = Pattern.compile("([a-zA-Z]+)=\"([^\"]*)\"");

  private final ImageName name;
  private final RegistryCredentials credentials;
  private final String actions;
  private final RegistryProblems problems;
  private final AddressRule addresses;
  private final boolean loopback;
  private final Duration stalled;
  private final String base;

  /** Of the last challenge; several requests may be under way. */
  private volatile String authorization = "";

  /** What is sent besides a head. */
  interface Body {
    /**
     * @throws IOException of the stream; any other is a failure of ours, which no repetition cures
     */
    void write(OutputStream out) throws IOException;
  }

  /**
   * One request.
   *
   * @param length of the body in bytes; -1 for none
   */
  record Call(String method, URI uri, Map<String, String> headers, long length, Body body) {
    static Call of(String method, URI uri) {
      return new Call(method, uri, Map.of(), -1, out -> {});
    }

    Call with(String header, String value) {
      Map<String, String> all = new HashMap<>(headers);
      all.put(header, value);
      return new Call(method, uri, all, length, body);
    }

    Call with(long bodyLength, Body content) {
      return new Call(method, uri, headers, bodyLength, content);
    }

    private boolean redirectable() {
      return method.equals("GET") || method.equals("HEAD");
    }
  }

  /** A failure that may be over soon: a connection that broke off, or a registry in trouble. */
  static final class Passing extends IOException {
    private static final long serialVersionUID = 1L;
    private final transient PaasException problem;

    Passing(PaasException problem) {
      super(problem);
      this.problem = problem;
    }

    PaasException problem() {
      return problem;
    }
  }

  private record Opened(HttpURLConnection connection, Runnable cut) {}

  /**
   * @param actions what a token is asked for: {@code pull} or {@code pull,push}
   * @param stalled how long the registry may take nothing of what it is sent
   */
  RegistryHttp(ImageName name, RegistrySource source, String actions, Duration stalled) {
    this.name = name;
    this.credentials = source.credentials();
    this.actions = actions;
    this.stalled = stalled;
    this.problems = new RegistryProblems(name);
    String host =
        name.registry().equals(ImageName.DEFAULT_REGISTRY)
            ? "registry-1.docker.io"
            : name.registry();
    String machine = host.replaceFirst(":\\d+$", "");
    this.loopback = AddressRule.isLoopback(machine);
    this.base = (loopback ? "http://" : "https://") + host + "/v2/" + name.repository();
    this.addresses = new AddressRule(machine, source.reach(), problems);
  }

  RegistryProblems problems() {
    return problems;
  }

  /** An address below the repository's, e.g. {@code /blobs/sha256:…}. */
  URI uri(String path) {
    return URI.create(base + path);
  }

  /** What a header of an answer to a request of ours leads to. */
  URI location(URI from, @Nullable String location) {
    if (location == null) {
      throw problems.failed("it redirects to nowhere");
    }
    try {
      URI to = from.resolve(new URI(location));
      boolean plain =
          loopback
              && "http".equals(to.getScheme())
              && AddressRule.isLoopback(String.valueOf(to.getHost()));
      if (!plain && !"https".equals(to.getScheme())) {
        throw problems.failed("it redirects to an address that is not https");
      }
      return to;
    } catch (URISyntaxException malformed) {
      throw problems.failed("it redirects to nowhere");
    }
  }

  /**
   * Sends a request, follows where it is sent to, and proves who asks when that is wanted.
   *
   * @param fine statuses that the caller understands; all others are problems
   * @return the connection, which the caller has to disconnect
   */
  HttpURLConnection ask(Call call, Set<Integer> fine) throws IOException {
    try {
      return attempt(call, fine);
    } catch (Passing failed) {
      throw failed.problem();
    }
  }

  /**
   * Like {@link #ask}.
   *
   * @throws Passing when it may help to try once more
   */
  HttpURLConnection attempt(Call call, Set<Integer> fine) throws IOException {
    URI uri = call.uri();
    boolean authenticated = false;
    for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
      boolean own = sameHost(uri, uri(""));
      HttpURLConnection connection = send(call, uri, own ? authorization : "");
      int status = status(connection);
      if (fine.contains(status)) {
        return connection;
      }
      if (REDIRECTS.contains(status) && call.redirectable()) {
        uri = location(uri, connection.getHeaderField("Location"));
        connection.disconnect();
      } else if ((status == 401 || status == 403) && own && !authenticated) {
        authenticate(connection);
        authenticated = true;
      } else {
        connection.disconnect();
        PaasException refused = refused(status);
        if (status >= 500 || status == 429) {
          throw new Passing(refused);
        }
        throw refused;
      }
    }
    throw problems.failed("it redirects too often");
  }

  private PaasException refused(int status) {
    return switch (status) {
      case 401, 403 -> problems.denied();
      case 404 -> problems.notFound();
      case 429 -> problems.failed("it limits the number of requests (429)");
      default -> problems.failed("it answered " + status);
    };
  }

  private HttpURLConnection send(Call call, URI uri, String proof) throws IOException {
    Opened opened = open(uri);
    HttpURLConnection connection = opened.connection();
    connection.setRequestMethod(call.method());
    call.headers().forEach(connection::setRequestProperty);
    if (!proof.isEmpty()) {
      connection.setRequestProperty("Authorization", proof);
    }
    if (call.length() >= 0) {
      connection.setDoOutput(true);
      connection.setFixedLengthStreamingMode(call.length());
      write(call, opened);
    }
    return connection;
  }

  private void write(Call call, Opened opened) throws IOException {
    HttpURLConnection connection = opened.connection();
    boolean reading = false;
    boolean sent = false;
    StallWatch watch = new StallWatch(stalled, opened.cut());
    try (watch;
        OutputStream out = watch.over(connection.getOutputStream())) {
      reading = true;
      call.body().write(out);
      reading = false;
      sent = true;
    } catch (IOException broken) {
      if (reading && !watch.isRefused()) {
        throw broken; // what is sent could not be read here
      }
      // Either an answer is there, which says why, or asking for it fails the same way.
      sent = !watch.isExpired();
    } finally {
      if (!sent) {
        connection.disconnect();
      }
    }
    if (!sent) {
      throw new Passing(problems.failed("it takes nothing for " + stalled.toSeconds() + " s"));
    }
  }

  private Opened open(URI uri) throws IOException {
    addresses.check(uri);
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
    Runnable cut = connection::disconnect;
    if (connection instanceof HttpsURLConnection secure && addresses.isDirect(uri)) {
      CheckedSockets sockets = addresses.sockets(uri, secure.getSSLSocketFactory());
      secure.setSSLSocketFactory(sockets);
      cut = sockets::cut;
    }
    connection.setInstanceFollowRedirects(false);
    connection.setConnectTimeout(CONNECT_TIMEOUT_MILLIS);
    connection.setReadTimeout(READ_TIMEOUT_MILLIS);
    connection.setRequestProperty("User-Agent", "paas");
    return new Opened(connection, cut);
  }

  private int status(HttpURLConnection connection) throws Passing {
    try {
      return connection.getResponseCode();
    } catch (IOException unreachable) {
      connection.disconnect();
      throw new Passing(problems.failed("it can't be reached (" + unreachable.getMessage() + ")"));
    }
  }

  /** What an answer holds; closing it ends the connection. */
  InputStream stream(HttpURLConnection connection) throws IOException {
    long announced = connection.getContentLengthLong();
    return new FilterInputStream(new InterruptibleInput(connection.getInputStream())) {
      private long count;

      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        int n = super.read(target, offset, length);
        if (n < 0 && count < announced) {
          throw new EOFException("it ends too early");
        }
        count += Math.max(n, 0);
        return n;
      }

      @Override
      public void close() {
        // Not in.close(): that would read a large rest to keep the connection.
        connection.disconnect();
      }
    };
  }

  /** A small answer, at most {@link RegistryClient#MAX_DOCUMENT} bytes. */
  byte[] document(HttpURLConnection connection) throws IOException {
    byte[] content;
    try (InputStream in = stream(connection)) {
      content = in.readNBytes(RegistryClient.MAX_DOCUMENT + 1);
    } catch (IOException broken) {
      throw problems.failed("its answer breaks off (" + broken.getMessage() + ")");
    }
    if (content.length > RegistryClient.MAX_DOCUMENT) {
      throw problems.failed("its answer is longer than " + RegistryClient.MAX_DOCUMENT + " bytes");
    }
    return content;
  }

  private static boolean sameHost(URI a, URI b) {
    return String.valueOf(a.getAuthority()).equals(b.getAuthority());
  }

  private void authenticate(HttpURLConnection connection) throws IOException {
    String challenge = String.valueOf(connection.getHeaderField("WWW-Authenticate"));
    connection.disconnect();
    String scheme = challenge.split(" ")[0].toLowerCase(Locale.ROOT);
    if (scheme.equals("basic") && !credentials.username().isEmpty()) {
      authorization = basic();
    } else if (scheme.equals("bearer")) {
      authorization = "Bearer " + token(challenge);
    } else {
      throw problems.denied();
    }
  }

  /** The scope is ours: what a registry says may be more, or of another repository. */
  private String token(String challenge) throws IOException {
    Map<String, String> parameters = new HashMap<>();
    Matcher m = PARAMETER.matcher(challenge);
    while (m.find()) {
      parameters.put(m.group(1).toLowerCase(Locale.ROOT), m.group(2));
    }
    String realm = parameters.getOrDefault("realm", "");
    String query = "scope=" + encoded("repository:" + name.repository() + ":" + actions);
    if (parameters.containsKey("service")) {
      query += "&service=" + encoded(parameters.getOrDefault("service", ""));
    }
    URI uri = location(uri(""), realm + (realm.contains("?") ? "&" : "?") + query);
    Call call = Call.of("GET", uri).with("Accept", "application/json");
    HttpURLConnection connection = send(call, uri, credentials.username().isEmpty() ? "" : basic());
    if (status(connection) != 200) {
      connection.disconnect();
      throw problems.denied();
    }
    JsonNode answer = parsed(document(connection));
    String token = answer.path("token").asText(answer.path("access_token").asText(""));
    if (token.isEmpty()) {
      throw problems.denied();
    }
    return token;
  }

  private JsonNode parsed(byte[] document) {
    try {
      return Json.read(document);
    } catch (IOException bad) {
      throw problems.failed("its answer is no JSON that can be read");
    }
  }

  private String basic() {
    String pair = credentials.username() + ":" + credentials.password();
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }
}
