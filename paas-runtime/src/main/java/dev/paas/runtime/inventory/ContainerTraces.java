package dev.paas.runtime.inventory;

import dev.paas.runtime.cgroup.Cgroups;
import dev.paas.runtime.container.ContainerFolders;
import dev.paas.runtime.container.ContainerHost;
import dev.paas.runtime.linux.file.Folders;
import dev.paas.runtime.rootfs.RootFilesystems;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** What containers have on this host now, by kind, but links and addresses. */
public final class ContainerTraces {

  private final ContainerHost host;
  private final ContainerFolders folders;
  private final Cgroups cgroups;
  private final RootFilesystems roots;
  private final InstanceRecords records;
  private final HostProcesses processes;

  /**
   * @param container that it is of; empty when it is of none
   */
  record Trace(TraceKind kind, String what, String container) {}

  ContainerTraces(
      ContainerHost host,
      ContainerFolders folders,
      Cgroups cgroups,
      RootFilesystems roots,
      InstanceRecords records,
      HostProcesses processes) {
    this.host = host;
    this.folders = folders;
    this.cgroups = cgroups;
    this.roots = roots;
    this.records = records;
    this.processes = processes;
  }

  List<Trace> all() throws IOException {
    List<Trace> all = new ArrayList<>();
    add(all, TraceKind.CONTAINERS, host.created());
    add(all, TraceKind.GROUPS, cgroups.names());
    add(all, TraceKind.MOUNTS, roots.names());
    add(all, TraceKind.FOLDERS, Folders.names(folders.bundles()));
    add(all, TraceKind.FOLDERS, Folders.names(folders.etc()));
    add(all, TraceKind.FOLDERS, records.names());
    add(all, TraceKind.WRITABLE, Folders.names(folders.writable()));
    add(all, TraceKind.EXITS, Folders.names(folders.exits()));
    for (HostProcesses.Found process : processes.all()) {
      all.add(new Trace(TraceKind.PROCESSES, process.what(), process.container()));
    }
    return all;
  }

  private static void add(List<Trace> all, TraceKind kind, Collection<String> names) {
    names.forEach(name -> all.add(new Trace(kind, name, name)));
  }

  /** The containers whose monitor is there. */
  public Set<String> monitored() throws IOException {
    return processes.monitored();
  }

  /** Takes a mounted root filesystem away. */
  void unmount(String name) throws IOException {
    roots.clear(name);
  }

  /** Takes everything of a container away but its log, its link and its place. */
  void remove(String name) throws IOException {
    host.clearAll(name);
    records.delete(name);
  }
}
