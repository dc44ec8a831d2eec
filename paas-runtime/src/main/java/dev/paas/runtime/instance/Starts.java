package dev.paas.runtime.instance;

import dev.paas.base.name.InstanceName;
import dev.paas.contract.runtime.Instance;
import dev.paas.contract.runtime.InstanceSpec;
import dev.paas.runtime.container.Admissions;
import dev.paas.runtime.container.InstanceIds;
import dev.paas.runtime.container.SpecCheck;
import dev.paas.runtime.image.StoredImage;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Decides whether an instance may be started, and takes it in. */
final class Starts {

  private final Admissions admissions;
  private final Function<String, StoredImage> images;
  private final Roster roster;
  private final LifeCycle cycle;

  Starts(
      Admissions admissions, Function<String, StoredImage> images, Roster roster, LifeCycle cycle) {
    this.admissions = admissions;
    this.images = images;
    this.roster = roster;
    this.cycle = cycle;
  }

  /** See {@link Supervisor#start}. */
  CompletableFuture<Instance> start(InstanceSpec spec) {
    InstanceName name = InstanceIds.name(spec.getId());
    Admissions.Admission admitted = admissions.start(name.app());
    try {
      SpecCheck.check(spec);
      if (roster.find(name.toString()).isEmpty()) {
        SpecCheck.open(name.app(), images.apply(spec.getImage()));
      }
      Roster.Entered entered = roster.enter(name, spec);
      Supervised instance = entered.instance();
      if (entered.isNew()) {
        cycle.begin(instance);
      }
      return instance.started().thenApply(launched -> instance.view());
    } finally {
      // From here on whoever removes the app finds it, launched or not.
      admitted.close();
    }
  }
}
