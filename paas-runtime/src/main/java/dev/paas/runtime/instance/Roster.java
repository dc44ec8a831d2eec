package dev.paas.runtime.instance;

import dev.paas.base.name.AppName;
import dev.paas.base.name.InstanceName;
import dev.paas.base.time.Backoff;
import dev.paas.contract.runtime.Instance;
import dev.paas.contract.runtime.InstanceSpec;
import dev.paas.contract.runtime.Limits;
import dev.paas.runtime.container.Claims;
import dev.paas.runtime.container.InstanceIds;
import dev.paas.runtime.container.SpecMemory;
import dev.paas.runtime.instance.life.Life;
import dev.paas.runtime.instance.life.LifeView;
import dev.paas.runtime.inventory.InstanceRecords;
import dev.paas.runtime.network.InstanceLinks;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;

/**
 * Which instances there are, and what each has as long as it is here: its name, its place in the
 * range of addresses, and room for its spec.
 */
final class Roster {

  private final Claims claims;
  private final InstanceLinks links;
  private final SpecMemory memory;
  private final ToLongFunction<Limits> memoryLimit;
  private final Backoff pauses;
  private final Map<String, Supervised> all = new ConcurrentHashMap<>();

  /**
   * @param memoryLimit of an instance, in bytes
   * @param pauses before an instance is started again
   */
  Roster(
      Claims claims,
      InstanceLinks links,
      SpecMemory memory,
      ToLongFunction<Limits> memoryLimit,
      Backoff pauses) {
    this.claims = claims;
    this.links = links;
    this.memory = memory;
    this.memoryLimit = memoryLimit;
    this.pauses = pauses;
  }

  /**
   * An instance that is here.
   *
   * @param isNew whether it was not before
   */
  record Entered(Supervised instance, boolean isNew) {}

  /**
   * The instance of this name; a new one if there is none.
   *
   * @throws dev.paas.base.problem.PaasException {@code network.full}, {@code
   *     instance.too-much-config}
   */
  Entered enter(InstanceName name, InstanceSpec spec) {
    // Outside of the lock: it waits while somebody clears what is left of this name.
    Claims.Claim claim = claims.hold(name.toString());
    try {
      Entered entered = enter(name, spec, claim);
      if (!entered.isNew()) {
        claim.close();
      }
      return entered;
    } catch (RuntimeException | Error full) {
      claim.close();
      throw full;
    }
  }

  private synchronized Entered enter(InstanceName name, InstanceSpec spec, Claims.Claim claim) {
    Supervised there = all.get(name.toString());
    if (there != null) {
      return new Entered(there, false);
    }
    memory.take(spec);
    try {
      int place = links.reserve(name.toString());
      Life life = new Life.Accepted(Life.Past.NONE);
      Supervised made = new Supervised(spec, base(spec, place), place, claim, rules(spec), life);
      all.put(made.container(), made);
      return new Entered(made, true);
    } catch (RuntimeException | Error full) {
      memory.free(spec);
      throw full;
    }
  }

  private Instance base(InstanceSpec spec, int place) {
    return Instance.newBuilder()
        .setId(spec.getId())
        .setAddress(links.link(place).address().getHostAddress())
        .setPort(spec.getPort())
        .setImage(spec.getImage())
        .setMemoryLimitBytes(memoryLimit.applyAsLong(spec.getLimits()))
        .build();
  }

  private Life.Rules rules(InstanceSpec spec) {
    return new Life.Rules(spec.getRestart(), pauses);
  }

  /** Takes an instance over that an earlier daemon recorded. */
  synchronized Supervised adopt(InstanceRecords.Stored stored) {
    InstanceName name = InstanceIds.name(stored.spec().getId());
    Claims.Claim claim = claims.hold(name.toString());
    memory.adopt(stored.spec());
    links.adopt(stored.place(), name.toString());
    Supervised adopted =
        new Supervised(
            stored.spec(),
            stored.view(),
            stored.place(),
            claim,
            rules(stored.spec()),
            LifeView.life(stored.view(), stored.process()));
    adopted.started().complete(stored.view());
    all.put(adopted.container(), adopted);
    return adopted;
  }

  /**
   * Lets go of an instance of which nothing is left. At once with its place: the next instance of
   * its name never shares a place with it that is then given to another.
   */
  synchronized void leave(Supervised instance) {
    links.release(instance.place());
    all.remove(instance.container(), instance);
    memory.free(instance.spec());
    instance.claim().close();
  }

  Optional<Supervised> find(String container) {
    return Optional.ofNullable(all.get(container));
  }

  List<Supervised> all() {
    return List.copyOf(all.values());
  }

  List<Supervised> of(AppName app) {
    return all.values().stream().filter(instance -> instance.name().app().equals(app)).toList();
  }

  /** The digests of the images that instances need. */
  Set<String> images() {
    Set<String> digests = new HashSet<>();
    all.values().forEach(instance -> digests.add(instance.spec().getImage()));
    return digests;
  }
}
