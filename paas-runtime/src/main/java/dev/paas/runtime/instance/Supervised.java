package dev.paas.runtime.instance;

import dev.paas.base.name.InstanceName;
import dev.paas.contract.runtime.Instance;
import dev.paas.contract.runtime.InstanceSpec;
import dev.paas.runtime.container.Claims;
import dev.paas.runtime.container.InstanceIds;
import dev.paas.runtime.duty.Turns;
import dev.paas.runtime.instance.life.Life;
import dev.paas.runtime.instance.life.LifeView;
import java.util.concurrent.CompletableFuture;

/**
 * One instance of this host: what holds for all of its life, and where it stands. Whoever changes
 * its life does so in its turn; everybody may look.
 */
final class Supervised {

  private final InstanceName name;
  private final InstanceSpec spec;
  private final Instance base;
  private final int place;
  private final Claims.Claim claim;
  private final Life.Rules rules;
  private final Turns turns = new Turns();
  private final CompletableFuture<Instance> started = new CompletableFuture<>();
  private final CompletableFuture<Void> gone = new CompletableFuture<>();
  private volatile Life life;

  /**
   * @param base what others see of it as long as it lives, e.g. its address
   * @param place in the platform's range of addresses
   * @param claim of its container's name
   */
  Supervised(
      InstanceSpec spec,
      Instance base,
      int place,
      Claims.Claim claim,
      Life.Rules rules,
      Life life) {
    this.name = InstanceIds.name(spec.getId());
    this.spec = spec;
    this.base = base;
    this.place = place;
    this.claim = claim;
    this.rules = rules;
    this.life = life;
  }

  InstanceName name() {
    return name;
  }

  InstanceSpec spec() {
    return spec;
  }

  int place() {
    return place;
  }

  Claims.Claim claim() {
    return claim;
  }

  Life.Rules rules() {
    return rules;
  }

  /** The name of its container on this host. */
  String container() {
    return name.toString();
  }

  Life life() {
    return life;
  }

  /** Called in its turn. */
  void becomes(Life now) {
    life = now;
  }

  /** What others see of it. */
  Instance view() {
    return view(life);
  }

  /** What others would see of it. */
  Instance view(Life of) {
    return LifeView.of(base, of);
  }

  Turns turns() {
    return turns;
  }

  /** Done when its first launch is through, with what others saw then. */
  CompletableFuture<Instance> started() {
    return started;
  }

  /** Done when nothing of it is left. */
  CompletableFuture<Void> gone() {
    return gone;
  }
}
