package dev.paas.api.registry;

import dev.paas.api.identity.User;
import dev.paas.api.store.Seal;
import dev.paas.api.store.Store;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.PlatformSettings;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What each user logs in to registries with, one a host. The password is sealed like config vars
 * are, and leaves only for paas-runtimed, with the pull or push that needs it.
 */
@ApplicationScoped
public class RegistryLogins {

  private static final Pattern HOST =
      Pattern.compile("[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?(?::[0-9]{1,5})?");

  /** What Docker Hub calls itself in different places. */
  private static final Set<String> HUB =
      Set.of("index.docker.io", "registry-1.docker.io", "docker.io");

  private static final String HUB_NAME = "docker.io";

  /** In bytes. Longer ones are no password; some registries give out tokens of several KiB. */
  private static final int MAX_SECRET = 16 << 10;

  private static final int MAX_USERNAME = 255;

  private final Store store;
  private final Seal seal;
  private final Clock clock;
  private final int most;

  /** A login without its password. */
  public record Login(String host, String username, Instant createdAt) {}

  /** A user name and password; both empty for nobody's. */
  public record Secret(String username, String password) {
    public static final Secret NONE = new Secret("", "");

    @Override
    public String toString() {
      return username.isEmpty() ? "none" : username + ":***";
    }
  }

  public RegistryLogins(Store store, Seal seal, Clock clock, PlatformSettings settings) {
    this.most = settings.images().logins();
    this.store = store;
    this.seal = seal;
    this.clock = clock;
  }

  /**
   * Keeps a login; an earlier one of the same host goes.
   *
   * @throws dev.paas.base.problem.PaasException {@code registry.bad-host}, {@code
   *     registry.bad-login}, {@code registry.too-many-logins}
   */
  public Login save(User user, String host, String username, String password) {
    String known = checked(host);
    boolean usable =
        !username.isEmpty()
            && username.length() <= MAX_USERNAME
            && username.indexOf(':') < 0
            && !password.isEmpty()
            && password.getBytes(StandardCharsets.UTF_8).length <= MAX_SECRET
            && (username + password).chars().noneMatch(Character::isISOControl);
    if (!usable) {
      throw Problem.of(
              Kind.INVALID,
              "registry.bad-login",
              "A login has a user name without a colon, and a password",
              known,
              "Give the name with -u, and the password on standard input.")
          .asException();
    }
    return store.commit(
        () -> {
          RegistryLoginRow.delete("owner = ?1 and host = ?2", user.name(), known);
          if (RegistryLoginRow.count("owner", user.name()) >= most) {
            throw tooMany(known);
          }
          RegistryLoginRow row = new RegistryLoginRow();
          row.owner = user.name();
          row.host = known;
          row.username = username;
          row.sealed =
              Base64.getEncoder()
                  .encodeToString(
                      seal.seal(
                          context(user.name(), known), password.getBytes(StandardCharsets.UTF_8)));
          row.createdAt = clock.instant().truncatedTo(ChronoUnit.MICROS);
          row.persist();
          return view(row);
        });
  }

  private PaasException tooMany(String host) {
    return Problem.of(
            Kind.CONFLICT,
            "registry.too-many-logins",
            "You have logins to " + most + " registries, and may not have more",
            host,
            "Forget one with paas registry:logout, or let an admin raise images.logins.")
        .asException();
  }

  /**
   * Forgets one.
   *
   * @throws dev.paas.base.problem.PaasException {@code registry.no-login}
   */
  public void remove(User user, String host) {
    String known = checked(host);
    store.write(
        () -> {
          if (RegistryLoginRow.delete("owner = ?1 and host = ?2", user.name(), known) == 0) {
            throw Problem.of(
                    Kind.NOT_FOUND,
                    "registry.no-login",
                    "There is no login for this registry",
                    known,
                    "See them with paas registry:list.")
                .asException();
          }
        });
  }

  /** By their hosts' names. */
  public List<Login> list(User user) {
    return store.read(
        () ->
            RegistryLoginRow.<RegistryLoginRow>list("owner = ?1 order by host", user.name())
                .stream()
                .map(RegistryLogins::view)
                .toList());
  }

  /** What a user logs in to the registry of an image with. */
  public Secret of(User user, String image) {
    String host = hostOf(image);
    Optional<RegistryLoginRow> row =
        store.read(
            () ->
                RegistryLoginRow.<RegistryLoginRow>find(
                        "owner = ?1 and host = ?2", user.name(), host)
                    .firstResultOptional());
    return row.map(
            found ->
                new Secret(
                    found.username,
                    new String(
                        seal.open(
                            context(found.owner, found.host),
                            Base64.getDecoder().decode(found.sealed)),
                        StandardCharsets.UTF_8)))
        .orElse(Secret.NONE);
  }

  /** Whether the name of an image says which registry it is of. */
  public static boolean namesHost(String image) {
    int slash = image.indexOf('/');
    String first = slash < 0 ? "" : image.substring(0, slash);
    return first.contains(".") || first.contains(":") || first.equals("localhost");
  }

  private static String hostOf(String image) {
    return namesHost(image) ? known(image.substring(0, image.indexOf('/'))) : HUB_NAME;
  }

  private static String known(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    return HUB.contains(lower) ? HUB_NAME : lower;
  }

  private static String checked(String host) {
    String known = known(host);
    if (!HOST.matcher(known).matches()) {
      throw Problem.of(
              Kind.INVALID,
              "registry.bad-host",
              "This is not the host of a registry",
              host,
              "Write it like registry.example.org or registry.example.org:5000.")
          .asException();
    }
    return known;
  }

  private static Login view(RegistryLoginRow row) {
    return new Login(row.host, row.username, row.createdAt);
  }

  private static String context(String owner, String host) {
    return "registry " + owner + " " + host;
  }
}
