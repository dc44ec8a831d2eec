package dev.paas.api.process;

import dev.paas.api.formation.Formation;
import dev.paas.api.formation.Formations;
import dev.paas.api.release.ReleaseVersion;
import dev.paas.api.scheduler.Instance;
import dev.paas.api.scheduler.Scheduler;
import dev.paas.base.name.AppName;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Lists what runs of an app, beside what shall run. */
@ApplicationScoped
class ProcessList {

  /** All instances of a process type side by side. */
  private static final Comparator<Instance> SHOWN = Comparator.comparing(Instance::name);

  /** What runs. */
  record Ps(
      @Nullable String release,
      SortedMap<String, Integer> formation,
      List<InstanceView> instances) {}

  private final Formations formations;
  private final Scheduler scheduler;

  ProcessList(Formations formations, Scheduler scheduler) {
    this.formations = formations;
    this.scheduler = scheduler;
  }

  /**
   * @throws dev.paas.base.problem.PaasException that the runtime is away
   */
  Ps of(AppName app) {
    Formation formation = formations.of(app);
    List<InstanceView> instances =
        scheduler.list(app).stream().sorted(SHOWN).map(InstanceView::of).toList();
    SortedMap<String, Integer> quantities = new TreeMap<>();
    formation.quantities().forEach((process, n) -> quantities.put(process.value(), n));
    return new Ps(
        formation.release().map(ReleaseVersion::toString).orElse(null), quantities, instances);
  }
}
