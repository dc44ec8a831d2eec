package dev.paas.api.disk;

import dev.paas.api.app.App;
import dev.paas.api.app.Apps;
import dev.paas.api.quota.Quota;
import dev.paas.api.quota.QuotaUse;
import dev.paas.api.quota.Quotas;
import dev.paas.api.runtime.DiskUse;
import dev.paas.api.runtime.RuntimeDisk;
import dev.paas.base.name.AppName;
import dev.paas.base.name.PersonalApp;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.gitreceiver.repository.Repositories;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What users have on the disk. It is measured once something is there, so that of several that come
 * at once the last one sees all the others; whoever finds too much takes back what it brought. What
 * only makes builds faster has to fit beside the rest: it is dropped rather than that anything is
 * refused.
 */
@ApplicationScoped
public class DiskQuota implements QuotaUse {

  private static final Logger LOG = LoggerFactory.getLogger(DiskQuota.class);

  private final Apps apps;
  private final Quotas quotas;
  private final Repositories repositories;
  private final FetchedImages fetched;
  private final RuntimeDisk disk;
  private final List<String> stacks;
  private final int fetchedKept;

  /** What the runtime said last of each user, for when it is away. */
  private final Map<String, Long> lastSaid = new ConcurrentHashMap<>();

  /**
   * What a user has.
   *
   * @param kept what counts
   * @param caches what can be dropped
   */
  private record Use(long kept, long caches) {}

  public DiskQuota(
      Apps apps,
      Quotas quotas,
      Repositories repositories,
      FetchedImages fetched,
      RuntimeDisk disk,
      PlatformSettings settings) {
    this.apps = apps;
    this.quotas = quotas;
    this.repositories = repositories;
    this.fetched = fetched;
    this.disk = disk;
    this.stacks = settings.everyStack();
    this.fetchedKept = settings.planning().fetchedKept();
  }

  @Override
  public Quota of() {
    return Quota.DISK;
  }

  @Override
  public long used(String user) {
    List<AppName> own = appsOf(user);
    try {
      return measure(user, own, List.of()).kept();
    } catch (PaasException away) {
      return repositories(own) + lastSaid.getOrDefault(user, 0L);
    }
  }

  /**
   * Passes when the app's owner has no more than they may, now that a push is there, also while the
   * runtime is away.
   *
   * @throws PaasException {@code quota.disk}
   */
  public void require(AppName app) {
    Optional<String> owner = owner(app);
    // Measuring takes a while, and a push waits for it.
    if (owner.isPresent() && quotas.limit(owner.get(), Quota.DISK).isPresent()) {
      long used = used(owner.get());
      quotas.require(owner.get(), Quota.DISK, 0, used);
    }
  }

  /**
   * What the owner of an app may have besides what is there, if it is built; drops caches that are
   * in the way.
   *
   * @param needed images that the build begins with
   * @param more bytes that the build has made and that no image has yet
   * @return how much further it may go before it has to ask again
   * @throws PaasException {@code quota.disk}, or that the runtime is away
   */
  public long requireForBuild(AppName app, List<String> needed, long more) {
    String owner = owner(app).orElse("");
    OptionalLong limit = quotas.limit(owner, Quota.DISK);
    if (owner.isEmpty() || limit.isEmpty()) {
      return Long.MAX_VALUE;
    }
    List<AppName> own = appsOf(owner);
    Use use = measure(owner, own, needed);
    if (use.caches() > 0 && use.kept() + use.caches() + more > limit.getAsLong()) {
      List<String> kept = needed.stream().map(FetchedImages::full).toList();
      drop(
          owner,
          own,
          owner,
          fetched.of(owner).stream().filter(name -> !kept.contains(name)).toList());
      use = measure(owner, own, needed);
    }
    quotas.require(owner, Quota.DISK, 0, use.kept() + more);
    return Math.max(0, limit.getAsLong() - use.kept() - use.caches() - more);
  }

  /**
   * How much more a user may bring; nothing when nothing limits it.
   *
   * @param user may be empty
   * @throws PaasException {@code quota.disk} when that is nothing, or that the runtime is away
   */
  public OptionalLong room(String user) {
    OptionalLong limit = user.isEmpty() ? OptionalLong.empty() : quotas.limit(user, Quota.DISK);
    if (limit.isEmpty()) {
      return OptionalLong.empty();
    }
    long kept = measure(user, appsOf(user), List.of()).kept();
    quotas.require(user, Quota.DISK, 0, kept + 1);
    return OptionalLong.of(limit.getAsLong() - kept);
  }

  /**
   * What only makes a user's builds faster, as far as none of the user's images needs it.
   *
   * @param layers of build steps and of base images that builds fetched
   * @param fetched these base images
   */
  public record Caches(long bytes, int layers, int fetched) {}

  /**
   * Measures what {@link #forgetCaches} would free.
   *
   * @throws PaasException that the runtime is away
   */
  public Caches caches(String user) {
    List<String> base = fetched.of(user);
    DiskUse said = disk.measure(appsOf(user), user, stacks, List.of(), base);
    return new Caches(said.caches(), said.cacheLayers(), base.size());
  }

  /** Forgets them; builds that are under way keep what they have. */
  public void forgetCaches(String user) {
    drop(user, appsOf(user), user, fetched.of(user));
  }

  /**
   * Passes when a user has no more than they may, now that something has come.
   *
   * @param undo takes it back
   * @throws PaasException {@code quota.disk}
   */
  public void settle(String user, Runnable undo) {
    try {
      quotas.require(user, Quota.DISK, 0, used(user));
    } catch (PaasException over) {
      undo.run();
      throw over;
    }
  }

  /**
   * Fetches an image for a build of the app.
   *
   * @param fetching gets what the image may unpack to, 0 when nothing limits it
   * @throws PaasException {@code quota.disk}, or why it can't be fetched
   */
  public <T> T fetch(AppName app, String name, LongFunction<T> fetching) {
    String owner = owner(app).orElse("");
    long most = 0;
    OptionalLong limit = quotas.limit(owner, Quota.DISK);
    if (!owner.isEmpty() && limit.isPresent()) {
      requireForBuild(app, List.of(), 0);
      most = Math.max(1, limit.getAsLong() - used(owner));
    }
    List<String> earlier = fetched.of(owner);
    if (earlier.size() >= fetchedKept) {
      drop(owner, List.of(), "", earlier);
    }
    if (!owner.isEmpty()) {
      fetched.add(owner, name);
    }
    try {
      return fetching.apply(most);
    } catch (PaasException failed) {
      Kind kind = failed.problem().kind();
      if (!mayStillArrive(kind)) {
        fetched.remove(owner, List.of(name));
      }
      if (kind == Kind.OVER_ALLOWANCE) {
        quotas.require(owner, Quota.DISK, 0, limit.orElse(0) + 1);
      }
      throw failed;
    }
  }

  /** Whether the answer says something of the runtime rather than of the image. */
  private static boolean mayStillArrive(Kind kind) {
    return switch (kind) {
      case UNAVAILABLE, FAILED, BUSY, CANCELLED -> true;
      case INVALID,
          USAGE,
          UNAUTHENTICATED,
          FORBIDDEN,
          NOT_FOUND,
          CONFLICT,
          GONE,
          TOO_LARGE,
          IMPOSSIBLE,
          OVER_ALLOWANCE,
          OVER_LIMIT,
          EXHAUSTED,
          FULL,
          UNPREPARED,
          HOST_FAILED,
          INTERNAL ->
          false;
    };
  }

  private Use measure(String owner, List<AppName> own, List<String> needed) {
    List<AppName> running = new ArrayList<>(own);
    running.add(PersonalApp.of(owner));
    DiskUse said = disk.measure(running, owner, stacks, needed, fetched.of(owner));
    long kept = said.images() + said.instances();
    if (needed.isEmpty()) {
      lastSaid.put(owner, kept);
    }
    return new Use(repositories(own) + kept, said.caches());
  }

  private void drop(String owner, List<AppName> own, String scope, List<String> images) {
    disk.dropCaches(own, scope, images);
    fetched.remove(owner, images);
    LOG.atInfo().addKeyValue("user", owner).log("caches of builds dropped");
  }

  private long repositories(List<AppName> own) {
    try {
      long bytes = 0;
      for (AppName app : own) {
        bytes += repositories.bytes(app);
      }
      return bytes;
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private Optional<String> owner(AppName app) {
    return apps.find(app).map(App::owner);
  }

  private List<AppName> appsOf(String owner) {
    return apps.all().stream().filter(app -> app.owner().equals(owner)).map(App::name).toList();
  }
}
