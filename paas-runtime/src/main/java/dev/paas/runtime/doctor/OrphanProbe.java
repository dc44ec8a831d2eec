package dev.paas.runtime.doctor;

import dev.paas.contract.runtime.Finding;
import dev.paas.runtime.image.ImageStore;
import dev.paas.runtime.instance.Supervisor;
import dev.paas.runtime.inventory.Inventory;
import dev.paas.runtime.inventory.TraceKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.stream.Collectors;

/** Looks for what is left on this host of instances, runs and builds that are over. */
public final class OrphanProbe {

  /** So many are named; the rest is counted. */
  private static final int NAMED = 10;

  private static final String FIX =
      "Wait for runtime.sweep-interval, after which it is removed; if it stays, read the log of"
          + " paas-runtimed.";

  private final Inventory inventory;
  private final Supervisor instances;
  private final ImageStore images;

  public OrphanProbe(Inventory inventory, Supervisor instances, ImageStore images) {
    this.inventory = inventory;
    this.instances = instances;
    this.images = images;
  }

  /** One finding for each kind. */
  List<Finding> examine() {
    List<Finding> findings = new ArrayList<>();
    try {
      Map<TraceKind, SortedSet<String>> found = inventory.orphans().find();
      found.forEach((kind, names) -> findings.add(finding("orphans." + kind.words(), names, FIX)));
      findings.add(finding("orphans.temporary-files", images.leftOver(), FIX));
      findings.add(
          finding(
              "orphans.unknown-instances",
              inventory.orphans().running(),
              "Their records are lost; they run on until paas restart of their app replaces them. If"
                  + " the app is gone, end their processes."));
      findings.add(
          finding(
              "instances.monitors",
              instances.unwatched(inventory.traces().monitored()),
              "Their monitor was killed, what they print is lost: replace them with paas restart."));
    } catch (IOException failed) {
      findings.add(
          Finding.newBuilder()
              .setProbe("orphans")
              .setLevel(Finding.Level.ERROR)
              .setFound(String.valueOf(failed.getMessage()))
              .setFix("Read the log of paas-runtimed.")
              .build());
    }
    return findings;
  }

  private static Finding finding(String probe, Collection<String> names, String fix) {
    Finding.Builder finding = Finding.newBuilder().setProbe(probe);
    if (names.isEmpty()) {
      return finding.setLevel(Finding.Level.OK).setFound("none").build();
    }
    String found = names.stream().limit(NAMED).collect(Collectors.joining(", "));
    String rest = names.size() > NAMED ? " and " + (names.size() - NAMED) + " more" : "";
    return finding.setLevel(Finding.Level.WARNING).setFound(found + rest).setFix(fix).build();
  }
}
