package dev.paas.runtime.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.runtime.content.Sha256;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads from one repository of a registry (OCI distribution-spec 1.1: pull; Docker's token
 * authentication). Plain HTTP is spoken to loopback only; credentials never follow a redirect to
 * another host.
 */
public final class RegistryClient {

  private static final int CONNECT_TIMEOUT_MILLIS = 10_000;
  private static final int READ_TIMEOUT_MILLIS = 60_000;
  private static final int MAX_REDIRECTS = 5;

  /** Manifests, configurations and tokens: a few KiB in real registries. */
  public static final int MAX_DOCUMENT = 1 << 20;

  private static final String ACCEPT =
      String.join(
          ", ",
          "application/vnd.oci.image.index.v1+json",
          "application/vnd.oci.image.manifest.v1+json",
          "application/vnd.docker.distribution.manifest.list.v2+json",
          "application/vnd.docker.distribution.manifest.v2+json");

  private static final Pattern PARAMETER = Pattern.compile("([a-zA-Z]+)=\"([^\"]*)\"");

  private final ImageName name;
  private final RegistrySource source;
  private final RegistryCredentials credentials;
  private final String base;
  private final boolean loopback;
  private String authorization = "";

  public RegistryClient(ImageName name, RegistrySource source) {
    this.name = name;
    this.source = source;
    this.credentials = source.credentials();
    String host =
        name.registry().equals(ImageName.DEFAULT_REGISTRY)
            ? "registry-1.docker.io"
            : name.registry();
    this.loopback = host.matches("(localhost|127\\.0\\.0\\.1)(:\\d+)?");
    this.base = (loopback ? "http://" : "https://") + host + "/v2/" + name.repository();
  }

  /** A manifest or an index by tag or digest, at most {@link #MAX_DOCUMENT} bytes. */
  public byte[] manifest(String reference) throws IOException {
    try (InputStream in = get(URI.create(base + "/manifests/" + reference), ACCEPT)) {
      return bounded(in);
    }
  }

  /** A small blob, e.g. a configuration. */
  public byte[] document(Sha256 digest) throws IOException {
    try (InputStream in = blob(digest)) {
      return bounded(in);
    }
  }

  public InputStream blob(Sha256 digest) throws IOException {
    return get(URI.create(base + "/blobs/" + digest), "*/*");
  }

  private byte[] bounded(InputStream in) throws IOException {
    byte[] content = in.readNBytes(MAX_DOCUMENT + 1);
    if (content.length > MAX_DOCUMENT) {
      throw failed("its answer is longer than " + MAX_DOCUMENT + " bytes");
    }
    return content;
  }

  private InputStream get(URI start, String accept) throws IOException {
    URI uri = start;
    boolean authenticated = false;
    for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
      boolean own = sameHost(uri, start);
      HttpURLConnection connection = connect(uri, accept, own ? authorization : "");
      int status = status(connection);
      switch (status) {
        case 200 -> {
          return body(connection);
        }
        case 301, 302, 303, 307, 308 -> {
          uri = redirect(uri, connection.getHeaderField("Location"));
          connection.disconnect();
        }
        case 401, 403 -> {
          if (authenticated || !own) {
            connection.disconnect();
            throw denied();
          }
          authenticate(connection);
          authenticated = true;
        }
        case 404 -> {
          connection.disconnect();
          throw notFound();
        }
        case 429 -> {
          connection.disconnect();
          throw failed("it limits the number of requests (429)");
        }
        default -> {
          connection.disconnect();
          throw failed("it answered " + status);
        }
      }
    }
    throw failed("it redirects too often");
  }

  private int status(HttpURLConnection connection) {
    try {
      return connection.getResponseCode();
    } catch (IOException unreachable) {
      connection.disconnect();
      throw failed("it can't be reached (" + unreachable.getMessage() + ")");
    }
  }

  private HttpURLConnection connect(URI uri, String accept, String authorizationHeader)
      throws IOException {
    refuseForbidden(uri);
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
    connection.setInstanceFollowRedirects(false);
    connection.setConnectTimeout(CONNECT_TIMEOUT_MILLIS);
    connection.setReadTimeout(READ_TIMEOUT_MILLIS);
    connection.setRequestProperty("Accept", accept);
    connection.setRequestProperty("User-Agent", "paas");
    if (!authorizationHeader.isEmpty()) {
      connection.setRequestProperty("Authorization", authorizationHeader);
    }
    return connection;
  }

  /**
   * Clouds serve credentials at link-local addresses: no registry lives there. And whom an app's
   * author names must not be a service of the host or of the network that the host stands in.
   */
  private void refuseForbidden(URI uri) {
    try {
      String host = uri.getHost() == null ? "" : uri.getHost();
      for (InetAddress address : InetAddress.getAllByName(host)) {
        boolean strayLoopback = address.isLoopbackAddress() && !loopback;
        if (address.isLinkLocalAddress() || address.isAnyLocalAddress() || strayLoopback) {
          throw failed("its address is not one of a registry");
        }
        if (!source.privateAddresses() && isPrivate(address)) {
          throw Problem.of(
                  Kind.INVALID,
                  "image.private-registry",
                  "The registry has a private address, which builds don't reach",
                  name.toString(),
                  "Let an admin pull the image (paas image pull), or set build.private-registries.")
              .asException();
        }
      }
    } catch (UnknownHostException unknown) {
      // A proxy may know it; otherwise the connection says so.
      return;
    }
  }

  private static boolean isPrivate(InetAddress address) {
    byte[] bytes = address.getAddress();
    boolean carrierGrade = bytes.length == 4 && bytes[0] == 100 && (bytes[1] & 0xc0) == 64;
    boolean uniqueLocal = bytes.length == 16 && (bytes[0] & 0xfe) == 0xfc;
    return address.isLoopbackAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()
        || carrierGrade
        || uniqueLocal;
  }

  private InputStream body(HttpURLConnection connection) throws IOException {
    return new FilterInputStream(connection.getInputStream()) {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] target, int offset, int length) {
        try {
          return super.read(target, offset, length);
        } catch (IOException broken) {
          throw failed("its answer breaks off (" + broken.getMessage() + ")");
        }
      }

      @Override
      public void close() {
        // Not in.close(): that would read a large rest to keep the connection.
        connection.disconnect();
      }
    };
  }

  private URI redirect(URI from, String location) {
    if (location == null) {
      throw failed("it redirects to nowhere");
    }
    try {
      URI to = from.resolve(new URI(location));
      boolean secure = "https".equals(to.getScheme());
      if (!secure && !(loopback && "http".equals(to.getScheme()))) {
        throw failed("it redirects to an address that is not https");
      }
      return to;
    } catch (URISyntaxException malformed) {
      throw failed("it redirects to nowhere");
    }
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
      throw denied();
    }
  }

  private String token(String challenge) throws IOException {
    Map<String, String> parameters = new HashMap<>();
    Matcher m = PARAMETER.matcher(challenge);
    while (m.find()) {
      parameters.put(m.group(1).toLowerCase(Locale.ROOT), m.group(2));
    }
    String scope = parameters.getOrDefault("scope", "repository:" + name.repository() + ":pull");
    String realm = parameters.getOrDefault("realm", "");
    String query = "scope=" + encoded(scope);
    if (parameters.containsKey("service")) {
      query += "&service=" + encoded(parameters.getOrDefault("service", ""));
    }
    URI uri = redirect(URI.create(base), realm + (realm.contains("?") ? "&" : "?") + query);
    HttpURLConnection connection =
        connect(uri, "application/json", credentials.username().isEmpty() ? "" : basic());
    if (status(connection) != 200) {
      connection.disconnect();
      throw denied();
    }
    try (InputStream in = body(connection)) {
      JsonNode answer = parsed(bounded(in));
      String token = answer.path("token").asText(answer.path("access_token").asText(""));
      if (token.isEmpty()) {
        throw denied();
      }
      return token;
    }
  }

  private JsonNode parsed(byte[] document) {
    try {
      return Json.read(document);
    } catch (IOException bad) {
      throw failed("its answer is no JSON that can be read");
    }
  }

  private String basic() {
    String pair = credentials.username() + ":" + credentials.password();
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  private PaasException denied() {
    return Problem.of(
            Kind.INVALID,
            "image.access-denied",
            "The registry does not let us read this image",
            name.toString(),
            "Check the name; give a username and password if the image is private.")
        .asException();
  }

  private PaasException notFound() {
    return Problem.of(
            Kind.INVALID,
            "image.not-in-registry",
            "The registry has no such image",
            name.toString(),
            "Check the name and the tag.")
        .asException();
  }

  private PaasException failed(String why) {
    return Problem.of(
            Kind.INVALID,
            "image.registry-failed",
            "The registry can't be read: " + why,
            name.toString(),
            "Check the name of the registry and the network, then try again.")
        .asException();
  }
}
