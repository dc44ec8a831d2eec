package dev.paas.runtime.registry;

import dev.paas.runtime.content.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/** One repository of a registry (OCI distribution-spec 1.1): reads from it, and writes to it. */
public final class RegistryClient {

  /** Manifests, configurations and tokens: a few KiB in real registries. */
  public static final int MAX_DOCUMENT = 1 << 20;

  private static final String ACCEPT =
      String.join(
          ", ",
          "application/vnd.oci.image.index.v1+json",
          "application/vnd.oci.image.manifest.v1+json",
          "application/vnd.docker.distribution.manifest.list.v2+json",
          "application/vnd.docker.distribution.manifest.v2+json");

  private static final Set<Integer> OK = Set.of(200);

  private final RegistryHttp http;

  /** What is uploaded; it may be asked for more than once. */
  public interface Content {
    void write(OutputStream out) throws IOException;
  }

  private RegistryClient(RegistryHttp http) {
    this.http = http;
  }

  /** Reads from the repository of an image. */
  public RegistryClient(ImageName name, RegistrySource source) {
    this(new RegistryHttp(name, source, "pull", Duration.ofDays(1)));
  }

  /**
   * Writes to the repository of an image, too.
   *
   * @param stalled how long the registry may take nothing of what it is sent
   */
  public static RegistryClient writing(ImageName name, RegistrySource source, Duration stalled) {
    return new RegistryClient(new RegistryHttp(name, source, "pull,push", stalled));
  }

  /** A manifest or an index by tag or digest, at most {@link #MAX_DOCUMENT} bytes. */
  public byte[] manifest(String reference) throws IOException {
    URI uri = http.uri("/manifests/" + reference);
    return http.document(http.ask(RegistryHttp.Call.of("GET", uri).with("Accept", ACCEPT), OK));
  }

  /** A small blob, e.g. a configuration. */
  public byte[] document(Sha256 digest) throws IOException {
    return http.document(get(digest, Map.of(), OK));
  }

  /** A large blob, which is read on when the connection breaks off. */
  public InputStream blob(Sha256 digest) throws IOException {
    return new ResumingBlob(position -> from(digest, position), http.problems());
  }

  private InputStream from(Sha256 digest, long position) throws IOException {
    if (position == 0) {
      return http.stream(get(digest, Map.of(), OK));
    }
    String range = "bytes=" + position + "-";
    HttpURLConnection answer = get(digest, Map.of("Range", range), Set.of(200, 206));
    InputStream in = http.stream(answer);
    if (answer.getResponseCode() == 200) {
      in.skipNBytes(position); // it knows no ranges
    } else if (!String.valueOf(answer.getHeaderField("Content-Range"))
        .startsWith("bytes " + position + "-")) {
      in.close();
      throw http.problems().failed("it sends another part than was asked for");
    }
    return in;
  }

  private HttpURLConnection get(Sha256 digest, Map<String, String> headers, Set<Integer> fine)
      throws IOException {
    RegistryHttp.Call call =
        RegistryHttp.Call.of("GET", http.uri("/blobs/" + digest)).with("Accept", "*/*");
    for (Map.Entry<String, String> header : headers.entrySet()) {
      call = call.with(header.getKey(), header.getValue());
    }
    return http.ask(call, fine);
  }

  /** Whether the repository has a blob. */
  public boolean has(Sha256 digest) throws IOException {
    try {
      return isThere(digest);
    } catch (RegistryHttp.Passing failed) {
      throw failed.problem();
    }
  }

  private boolean isThere(Sha256 digest) throws IOException {
    URI uri = http.uri("/blobs/" + digest);
    HttpURLConnection answer = http.attempt(RegistryHttp.Call.of("HEAD", uri), Set.of(200, 404));
    int status = answer.getResponseCode();
    answer.disconnect();
    return status == 200;
  }

  /**
   * Uploads a blob, each time in one request (OCI distribution-spec, POST then PUT): registries
   * differ in what they keep of a part, and have the whole or nothing of it. When the connection
   * breaks off, it is sent once more unless it has arrived nevertheless.
   *
   * @param size in bytes
   * @param content may be asked for more than once
   */
  public void upload(Sha256 digest, long size, Content content) throws IOException {
    Pauses pauses = new Pauses();
    while (true) {
      try {
        send(digest, size, content);
        return;
      } catch (RegistryHttp.Passing failed) {
        if (!pauses.again()) {
          throw failed.problem();
        }
      }
      if (arrived(digest)) {
        return;
      }
    }
  }

  /** Asked after a failure: one more of the same kind is no reason to give up. */
  private boolean arrived(Sha256 digest) throws IOException {
    try {
      return isThere(digest);
    } catch (RegistryHttp.Passing failed) {
      return false;
    }
  }

  private void send(Sha256 digest, long size, Content content) throws IOException {
    URI start = http.uri("/blobs/uploads/");
    HttpURLConnection begun =
        http.attempt(RegistryHttp.Call.of("POST", start).with(0, out -> {}), Set.of(202));
    URI place = http.location(start, begun.getHeaderField("Location"));
    begun.disconnect();
    String query = "digest=" + URLEncoder.encode(digest.value(), StandardCharsets.UTF_8);
    URI whole = URI.create(place + (place.getRawQuery() == null ? "?" : "&") + query);
    RegistryHttp.Call put =
        RegistryHttp.Call.of("PUT", whole)
            .with("Content-Type", "application/octet-stream")
            .with(size, content::write);
    http.attempt(put, Set.of(201)).disconnect();
  }

  /** Gives a manifest a tag; all that it names must be there. */
  public void put(String tag, String mediaType, byte[] manifest) throws IOException {
    RegistryHttp.Call put =
        RegistryHttp.Call.of("PUT", http.uri("/manifests/" + tag))
            .with("Content-Type", mediaType)
            .with(manifest.length, out -> out.write(manifest));
    http.ask(put, Set.of(201)).disconnect();
  }
}
