package dev.paas.runtime.inventory;

import dev.paas.base.name.InstanceName;
import dev.paas.runtime.cgroup.Cgroups;
import dev.paas.runtime.container.Claims;
import dev.paas.runtime.container.PlatformFiles;
import dev.paas.runtime.network.InstanceLinks;
import dev.paas.runtime.network.Link;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
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

  private record Orphan(TraceKind kind, String what, String owner) {}

  private final ContainerTraces traces;
  private final Claims claims;
  private final InstanceLinks links;
  private final Cgroups cgroups;
  private final PlatformFiles files;

  /**
   * @param files tell the place of a container that runs without a record
   */
  Orphans(
      ContainerTraces traces,
      Claims claims,
      InstanceLinks links,
      Cgroups cgroups,
      PlatformFiles files) {
    this.traces = traces;
    this.claims = claims;
    this.links = links;
    this.cgroups = cgroups;
    this.files = files;
  }

  /**
   * Ends the steps of builds and the one-off runs of an earlier daemon, for which nobody waits any
   * more. Before anything of theirs is removed: a program that writes on hinders that.
   *
   * @param kept containers that go on
   */
  public static void endSandboxes(Cgroups cgroups, Set<String> kept) throws IOException {
    for (String name : cgroups.names()) {
      if (InstanceName.parse(name).isEmpty() && !kept.contains(name)) {
        cgroups.kill(name);
      }
    }
  }

  /** Everything that is left over now, by kind; every kind is there. */
  public Map<TraceKind, SortedSet<String>> find() throws IOException {
    Map<TraceKind, SortedSet<String>> found = new EnumMap<>(TraceKind.class);
    for (TraceKind kind : TraceKind.values()) {
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
    for (String name : cgroups.names()) {
      if (!claims.held(name) && isRunning(name)) {
        running.add(name);
      }
    }
    return running;
  }

  /** Keeps the addresses of containers that run without a record from being given to others. */
  public void keepAddresses() throws IOException {
    for (String unknown : running()) {
      LOG.atError().addKeyValue("container", unknown).log("runs without a record, left alone");
      files.placeOf(unknown).ifPresent(place -> links.adopt(place, unknown));
    }
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
      claims.ifFree(
          orphan.owner(),
          () -> {
            if (orphan.kind() == TraceKind.MOUNTS) {
              traces.unmount(orphan.what());
            }
            if (done.add(orphan.owner())) {
              remove(orphan.owner());
            }
          });
    }
    links.removeUnreserved();
  }

  private void remove(String name) throws IOException {
    for (Map.Entry<Integer, String> place : links.reserved().entrySet()) {
      if (place.getValue().equals(name)) {
        links.detach(place.getKey());
        links.release(place.getKey());
      }
    }
    traces.remove(name);
  }

  private boolean isRunning(String name) throws IOException {
    return InstanceName.parse(name).isPresent() && cgroups.populated(name);
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
    for (ContainerTraces.Trace trace : traces.all()) {
      add(all, trace.kind(), trace.what(), SHARE.matcher(trace.container()).replaceFirst(""));
    }
    for (Map.Entry<Integer, String> place : links.reserved().entrySet()) {
      Link link = links.link(place.getKey());
      add(all, TraceKind.ADDRESSES, link.address().getHostAddress(), place.getValue());
    }
    links.unreserved().forEach(link -> all.add(new Orphan(TraceKind.LINKS, link, "")));
    for (Link link : links.admittedUnreserved()) {
      String what = link.name() + " " + link.address().getHostAddress();
      all.add(new Orphan(TraceKind.ADMITTED, what, ""));
    }
    return all;
  }

  private void add(List<Orphan> all, TraceKind kind, String what, String owner) {
    if (owner.isEmpty() || !claims.held(owner)) {
      all.add(new Orphan(kind, what, owner));
    }
  }
}
