package dev.paas.runtime.inventory;

import dev.paas.base.name.InstanceName;
import dev.paas.runtime.container.Claims;
import dev.paas.runtime.container.Launchpad;
import dev.paas.runtime.network.Link;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this platform has on this host although nobody works with it: traces of containers whose
 * name nobody holds (see {@link Claims}), and links and addresses of places that nobody reserved.
 *
 * <p>A program of an app that runs without a record is never removed: it means that the inventory
 * is not complete, and unknown is not gone. The next start of its instance replaces it.
 */
public final class Orphans {

  private static final Logger LOG = LoggerFactory.getLogger(Orphans.class);

  /** Names of instances end with their generation, those of builds and one-off runs do not. */
  private static final Pattern SHARE = Pattern.compile("\\.share\\d+$");

  /** What can be left over. */
  public enum Kind {
    CONTAINERS("containers"),
    GROUPS("cgroups"),
    PROCESSES("processes"),
    LINKS("links"),
    ADMITTED("packet-filter"),
    ADDRESSES("addresses"),
    MOUNTS("mounts"),
    FOLDERS("bundles"),
    WRITABLE("writable-layers"),
    EXITS("exit-codes");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    /** Its name in findings, e.g. {@code writable-layers}. */
    public String words() {
      return words;
    }
  }

  private record Orphan(Kind kind, String what, String owner) {}

  private final Launchpad pad;
  private final InstanceRecords records;
  private final HostProcesses processes;

  public Orphans(Launchpad pad, InstanceRecords records) {
    this.pad = pad;
    this.records = records;
    this.processes = new HostProcesses(pad);
  }

  /**
   * Ends the steps of builds and the one-off runs of an earlier daemon, for which nobody waits any
   * more. Before anything of theirs is removed: a program that writes on hinders that.
   */
  public static void endSandboxes(Launchpad pad) throws IOException {
    for (String name : pad.cgroups().names()) {
      if (InstanceName.parse(name).isEmpty()) {
        pad.cgroups().kill(name);
      }
    }
  }

  /** Everything that is left over now, by kind; every kind is there. */
  public Map<Kind, SortedSet<String>> find() throws IOException {
    Map<Kind, SortedSet<String>> found = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      found.put(kind, new TreeSet<>());
    }
    for (Orphan orphan : certain()) {
      found.getOrDefault(orphan.kind(), new TreeSet<>()).add(orphan.what());
    }
    return found;
  }

  /** The names of containers that run without a record. */
  public SortedSet<String> running() throws IOException {
    SortedSet<String> running = new TreeSet<>();
    for (String name : pad.cgroups().names()) {
      if (!pad.claims().held(name) && isRunning(name)) {
        running.add(name);
      }
    }
    return running;
  }

  /** Keeps the addresses of containers that run without a record from being given to others. */
  public void keepAddresses() throws IOException {
    for (String unknown : running()) {
      LOG.atError().addKeyValue("container", unknown).log("runs without a record, left alone");
      pad.addressOf(unknown).ifPresent(place -> pad.links().adopt(place, unknown));
    }
  }

  /** The containers whose monitor is there. */
  public Set<String> monitored() throws IOException {
    return processes.monitored();
  }

  /** Removes what {@link #find} finds, except containers that run without a record. */
  public void sweep() throws IOException {
    Set<String> done = new HashSet<>();
    for (Orphan orphan : certain()) {
      if (orphan.owner().isEmpty() || isRunning(orphan.owner())) {
        continue;
      }
      LOG.atInfo()
          .addKeyValue("kind", orphan.kind().words())
          .addKeyValue("what", orphan.what())
          .log("orphan removed");
      pad.claims()
          .ifFree(
              orphan.owner(),
              () -> {
                if (orphan.kind() == Kind.MOUNTS) {
                  pad.roots().clear(orphan.what());
                }
                if (done.add(orphan.owner())) {
                  remove(orphan.owner());
                }
              });
    }
    pad.links().removeUnreserved();
  }

  private void remove(String name) throws IOException {
    for (Map.Entry<Integer, String> place : pad.links().reserved().entrySet()) {
      if (place.getValue().equals(name)) {
        pad.links().detach(place.getKey());
        pad.links().release(place.getKey());
      }
    }
    pad.clearAll(name);
    records.delete(name);
  }

  private boolean isRunning(String name) throws IOException {
    return InstanceName.parse(name).isPresent() && pad.cgroups().populated(name);
  }

  // Something that its owner removes between the two questions, "what is there" and "whose is it",
  // looks left over; it is not there the second time.
  private List<Orphan> certain() throws IOException {
    List<Orphan> first = present();
    if (first.isEmpty()) {
      return first;
    }
    Set<Orphan> again = new HashSet<>(present());
    return first.stream().filter(again::contains).toList();
  }

  private List<Orphan> present() throws IOException {
    List<Orphan> all = new ArrayList<>();
    add(all, Kind.CONTAINERS, names(pad.runtime().state()));
    add(all, Kind.GROUPS, pad.cgroups().names());
    add(all, Kind.MOUNTS, pad.roots().names());
    add(all, Kind.FOLDERS, names(pad.bundles()));
    add(all, Kind.FOLDERS, names(pad.etc()));
    add(all, Kind.FOLDERS, records.names());
    add(all, Kind.WRITABLE, names(pad.writable()));
    add(all, Kind.EXITS, names(pad.exits()));
    for (HostProcesses.Found process : processes.all()) {
      add(all, Kind.PROCESSES, process.what(), process.container());
    }
    for (Map.Entry<Integer, String> place : pad.links().reserved().entrySet()) {
      Link link = pad.links().link(place.getKey());
      add(all, Kind.ADDRESSES, link.address().getHostAddress(), place.getValue());
    }
    pad.links().unreserved().forEach(link -> all.add(new Orphan(Kind.LINKS, link, "")));
    for (Link link : pad.links().admittedUnreserved()) {
      String what = link.name() + " " + link.address().getHostAddress();
      all.add(new Orphan(Kind.ADMITTED, what, ""));
    }
    return all;
  }

  private void add(List<Orphan> all, Kind kind, Collection<String> names) {
    names.forEach(name -> add(all, kind, name, SHARE.matcher(name).replaceFirst("")));
  }

  private void add(List<Orphan> all, Kind kind, String what, String owner) {
    if (owner.isEmpty() || !pad.claims().held(owner)) {
      all.add(new Orphan(kind, what, owner));
    }
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(path -> String.valueOf(path.getFileName()))
          .filter(name -> !name.startsWith("."))
          .toList();
    }
  }
}
