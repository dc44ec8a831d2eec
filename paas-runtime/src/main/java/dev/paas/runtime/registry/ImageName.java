package dev.paas.runtime.registry;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.runtime.content.Sha256;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of an image, completed like Docker does: {@code debian} → {@code
 * docker.io/library/debian:latest}. The form is that of distribution/reference.
 *
 * @param registry host and optional port
 * @param repository path within the registry
 * @param tag empty when the name carries only a digest
 * @param digest pins the content; null when it is only a tag
 */
public record ImageName(String registry, String repository, String tag, @Nullable Sha256 digest)
    implements Comparable<ImageName> {

  /** What a name without a registry means. */
  static final String DEFAULT_REGISTRY = "docker.io";

  /** distribution/reference: NameTotalLengthMax. */
  private static final int MAX_LENGTH = 255;

  private static final String APPS = "apps/";
  private static final String USERS = "users/";

  private static final Pattern REGISTRY =
      Pattern.compile("[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?(?::[0-9]{1,5})?");
  private static final Pattern SEGMENT = Pattern.compile("[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*");
  private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");
  private static final Pattern PARTS = Pattern.compile("([^@]+?)(?::([^:/@]+))?(?:@(.+))?");

  public static ImageName parse(String text) {
    Matcher parts = PARTS.matcher(text);
    if (text.length() > 2 * MAX_LENGTH || !parts.matches()) {
      throw malformed(text);
    }
    String path = parts.group(1);
    String tag = parts.group(2);
    String pinned = parts.group(3);
    int slash = path.indexOf('/');
    String first = slash < 0 ? "" : path.substring(0, slash);
    boolean named = first.contains(".") || first.contains(":") || first.equals("localhost");
    String registry = named ? first : DEFAULT_REGISTRY;
    String repository = named ? path.substring(slash + 1) : path;
    if (registry.equals("index.docker.io")) {
      registry = DEFAULT_REGISTRY;
    }
    if (registry.equals(DEFAULT_REGISTRY) && repository.indexOf('/') < 0) {
      repository = "library/" + repository;
    }
    if (!REGISTRY.matcher(registry).matches()
        || repository.length() > MAX_LENGTH
        || !validRepository(repository)
        || (tag != null && !TAG.matcher(tag).matches())
        || (pinned != null && !Sha256.isDigest(pinned))) {
      throw malformed(text);
    }
    String byDefault = pinned == null ? "latest" : "";
    return new ImageName(
        registry,
        repository,
        tag == null ? byDefault : tag,
        pinned == null ? null : new Sha256(pinned));
  }

  private static boolean validRepository(String repository) {
    for (String segment : repository.split("/", -1)) {
      if (!SEGMENT.matcher(segment).matches()) {
        return false;
      }
    }
    return true;
  }

  private static RuntimeException malformed(String text) {
    return Problem.of(
            Kind.INVALID,
            "image.bad-name",
            "This is not a name for an image",
            text,
            "Write it like debian:bookworm-slim or registry.example.org/team/app:1.")
        .asException();
  }

  /** The app whose builds have this name: images {@code apps/<app>:…} are theirs alone. */
  public Optional<String> app() {
    boolean ofApp = registry.equals(DEFAULT_REGISTRY) && repository.startsWith(APPS);
    return ofApp ? Optional.of(repository.substring(APPS.length())) : Optional.empty();
  }

  /** The user who loaded it: images {@code users/<user>/…} are theirs alone. */
  public Optional<String> user() {
    if (!registry.equals(DEFAULT_REGISTRY) || !repository.startsWith(USERS)) {
      return Optional.empty();
    }
    String rest = repository.substring(USERS.length());
    int slash = rest.indexOf('/');
    return Optional.of(slash < 0 ? rest : rest.substring(0, slash));
  }

  /** The name under which a user has what comes with this one. */
  public ImageName of(String user) {
    String path = repository;
    for (String known : List.of("library/", USERS, user + "/")) {
      path = path.startsWith(known) ? path.substring(known.length()) : path;
    }
    return parse(USERS + user + "/" + path + suffix());
  }

  /** As people write it: without what is meant anyway. */
  public String familiar() {
    String whole = toString();
    for (String meant : List.of(DEFAULT_REGISTRY + "/", "library/")) {
      if (!whole.startsWith(meant)) {
        break;
      }
      whole = whole.substring(meant.length());
    }
    return whole;
  }

  public Optional<Sha256> pinned() {
    return Optional.ofNullable(digest);
  }

  @Override
  public int compareTo(ImageName other) {
    return toString().compareTo(other.toString());
  }

  /** The complete name, e.g. {@code docker.io/library/debian:bookworm-slim}. */
  @Override
  public String toString() {
    return registry + "/" + repository + suffix();
  }

  private String suffix() {
    return (tag.isEmpty() ? "" : ":" + tag) + (digest == null ? "" : "@" + digest);
  }
}
