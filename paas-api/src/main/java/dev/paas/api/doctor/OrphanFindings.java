package dev.paas.api.doctor;

import dev.paas.api.app.Apps;
import dev.paas.api.doctor.DoctorResource.Finding;
import dev.paas.api.scheduler.Inventory;
import dev.paas.base.name.AppName;
import dev.paas.gitreceiver.repository.Repositories;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What is left of apps that are gone and of pushes that are over. */
@ApplicationScoped
class OrphanFindings {

  /** So many are named; the rest is counted. */
  private static final int NAMED = 10;

  private final Apps apps;
  private final Inventory inventory;
  private final Repositories repositories;

  OrphanFindings(Apps apps, Inventory inventory, Repositories repositories) {
    this.apps = apps;
    this.inventory = inventory;
    this.repositories = repositories;
  }

  List<Finding> examine() {
    List<Finding> findings = new ArrayList<>();
    findings.add(instances());
    try {
      findings.add(
          finding(
              "orphans.repositories",
              unowned(repositories.all()),
              "If the database was restored from a backup, restore a newer one; else create and destroy these apps."));
      findings.add(
          finding(
              "orphans.packs",
              packs(),
              "The next push of the app, or a restart of paasd, removes them."));
    } catch (IOException unreadable) {
      findings.add(
          new Finding(
              "orphans.packs",
              "error",
              String.valueOf(unreadable.getMessage()),
              "Check the disk."));
    }
    return findings;
  }

  private Finding instances() {
    Optional<Set<AppName>> running = inventory.apps();
    return running.isEmpty()
        ? new Finding(
            "orphans.instances",
            "warning",
            "unknown: the runtime does not answer",
            "Start paas-runtimed.")
        : finding(
            "orphans.instances",
            unowned(running.get()),
            "If the database was restored from a backup, restore a newer one; else create and destroy these apps.");
  }

  /** Those that are no apps, asked in this order: an app that is being made has its row first. */
  private List<String> unowned(Collection<AppName> found) {
    Set<AppName> unowned = new TreeSet<>(found);
    apps.all().forEach(app -> unowned.remove(app.name()));
    return unowned.stream().map(AppName::value).toList();
  }

  private List<String> packs() throws IOException {
    List<String> packs = new ArrayList<>();
    for (AppName app : repositories.all()) {
      repositories.leftOver(app).forEach(file -> packs.add(app + ": " + file));
    }
    return packs;
  }

  private static Finding finding(String probe, List<String> names, String fix) {
    if (names.isEmpty()) {
      return new Finding(probe, "ok", "none", "");
    }
    String found = names.stream().limit(NAMED).collect(Collectors.joining(", "));
    String rest = names.size() > NAMED ? " and " + (names.size() - NAMED) + " more" : "";
    return new Finding(probe, "warning", found + rest, fix);
  }
}
