package dev.paas.runtime.boot;

import dev.paas.base.disk.DiskSpace;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.base.time.Ticker;
import dev.paas.contract.runtime.GetInfoResponse;
import dev.paas.runtime.archive.ArchiveCalls;
import dev.paas.runtime.container.Admissions;
import dev.paas.runtime.container.ContainerParts;
import dev.paas.runtime.container.HostParts;
import dev.paas.runtime.disk.DiskAccounts;
import dev.paas.runtime.doctor.ContainerProbe;
import dev.paas.runtime.doctor.Doctor;
import dev.paas.runtime.doctor.LiveProbes;
import dev.paas.runtime.doctor.OrphanProbe;
import dev.paas.runtime.image.ImageCalls;
import dev.paas.runtime.instance.Supervisor;
import dev.paas.runtime.instance.SupervisorWiring;
import dev.paas.runtime.inventory.Inventory;
import dev.paas.runtime.inventory.InventoryWiring;
import dev.paas.runtime.inventory.Orphans;
import dev.paas.runtime.registry.RegistryReach;
import dev.paas.runtime.rootfs.UidRange;
import dev.paas.runtime.rpc.BuildMethods;
import dev.paas.runtime.rpc.ForwardMethods;
import dev.paas.runtime.rpc.HostMethods;
import dev.paas.runtime.rpc.ImageMethods;
import dev.paas.runtime.rpc.InstanceMethods;
import dev.paas.runtime.rpc.LogMethods;
import dev.paas.runtime.rpc.OneOffMethods;
import dev.paas.runtime.rpc.RuntimeCalls;
import dev.paas.runtime.rpc.SessionMethods;
import dev.paas.runtime.sandbox.OneOffs;
import dev.paas.runtime.sandbox.Sandbox;
import dev.paas.runtime.sandbox.SandboxRunner;
import dev.paas.runtime.sandbox.SandboxWiring;
import dev.paas.runtime.session.SessionWiring;
import dev.paas.runtime.session.Sessions;
import dev.paas.runtime.session.roster.SessionNotes;
import dev.paas.runtime.solve.CacheFolders;
import dev.paas.runtime.solve.ExecStep;
import dev.paas.runtime.solve.SolveCalls;
import dev.paas.runtime.solve.Solver;
import dev.paas.runtime.solve.WritableCopies;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** Puts the parts of the daemon together: first what is there, then what works with it. */
final class DaemonWiring {

  private final PlatformSettings settings;
  private final Clock clock = Clock.systemUTC();
  private final ContainerParts parts;
  private final Stores stores;
  private final SessionNotes notes;
  private final Sandbox sandbox;
  private final Inventory inventory;
  private final CacheFolders caches;
  private final Admissions admissions = new Admissions();

  /** Finds the host's tools and opens the stores; ends what earlier builds left running. */
  DaemonWiring(PlatformSettings settings) throws IOException {
    this.settings = settings;
    this.parts = ContainerParts.open(settings);
    this.stores = Stores.open(settings, parts, clock);
    this.notes =
        SessionNotes.in(
            parts.tools().folders().run(),
            stores.data(),
            settings.runtime().sessionOutput().bytes());
    Orphans.endSandboxes(parts.tools().cgroups(), notes.containers());
    // Before anything runs: a host whose certificates can't be read gets no half of a daemon.
    this.sandbox = SandboxWiring.sandbox(parts, settings, clock);
    this.inventory = InventoryWiring.inventory(parts, settings);
    this.caches = new CacheFolders(stores.data(), settings.build());
  }

  ContainerParts parts() {
    return parts;
  }

  Stores stores() {
    return stores;
  }

  Supervisor supervisor() throws IOException {
    return new SupervisorWiring(
            parts, settings, stores.ids(), stores.images()::find, stores.logs(), clock)
        .supervisor(inventory, admissions);
  }

  Sessions sessions(Supervisor instances) throws IOException {
    return new SessionWiring(parts, settings, stores.ids(), stores.images()::find, clock)
        .sessions(notes, admissions, instances::running);
  }

  Solver solver() throws IOException {
    DiskSpace disk = new DiskSpace(stores.data(), settings.platform().diskReserve());
    ExecStep exec =
        new ExecStep(
            new SandboxRunner(sandbox::start, disk),
            new WritableCopies(parts.tools().roots(), parts.claims(), stores.ids(), stores.data()),
            caches,
            admissions,
            settings.build());
    return new Solver(
        stores.data(), stores.images(), exec, settings.build(), clock, Ticker.system());
  }

  /** Everything that the contract's calls need. */
  List<RuntimeCalls.Group> calls(
      Supervisor instances, Sessions sessions, Solver solver, GarbageCollector collector)
      throws IOException {
    OneOffs oneOffs =
        new OneOffs(
            parts.host(), parts.limits(), admissions, sandbox, stores.ids(), stores.images()::find);
    RegistryReach everybody =
        new RegistryReach(settings.build().privateRegistries(), settings.images().allowedHosts());
    AppRemoval removal = removal(instances, oneOffs, sessions);
    return List.of(
        new HostMethods(
            info(),
            doctor(new OrphanProbe(inventory, instances, stores.images())),
            app -> {
              removal.remove(app);
              collector.now();
            },
            new DiskAccounts(
                stores.images(),
                solver,
                caches,
                app -> instances.diskBytes(app) + oneOffs.diskBytes(app) + sessions.diskBytes(app),
                collector::soon)),
        new ImageMethods(
            new ImageCalls(
                stores.images(), everybody, settings.planning().fetchesAtOnce(), collector::soon),
            new ArchiveCalls(
                stores.images(), everybody, settings.images().stalled(), collector::soon),
            settings.images().stalled()),
        new BuildMethods(new SolveCalls(solver)),
        new InstanceMethods(instances),
        new OneOffMethods(oneOffs),
        new SessionMethods(sessions),
        new ForwardMethods(instances::process),
        new LogMethods(stores.logs()));
  }

  private AppRemoval removal(Supervisor instances, OneOffs oneOffs, Sessions sessions) {
    return new AppRemoval(
        admissions,
        new AppProcesses(
            instances, oneOffs, sessions, sandbox, stores.ids(), settings.deploy().stopGrace()),
        stores.images(),
        caches,
        stores.logs(),
        stores.ids());
  }

  private Doctor doctor(OrphanProbe orphans) throws IOException {
    HostParts tools = parts.tools();
    UidRange first = new UidRange(settings.runtime().uidBase());
    return new Doctor(
        settings,
        parts.host(),
        tools.cgroups(),
        tools.network().firewall(),
        parts.duties(),
        new LiveProbes(new ContainerProbe(parts.host(), tools.runtime(), sandbox, first), orphans));
  }

  private GetInfoResponse info() {
    HostParts tools = parts.tools();
    return GetInfoResponse.newBuilder()
        .setVersion(
            Optional.ofNullable(Daemon.class.getPackage().getImplementationVersion())
                .orElse("0.1.0"))
        .setPlatform(settings.platform().id())
        .setOciRuntime(tools.runtime().version())
        .setCgroupMode(tools.cgroups().mode())
        .setUserNamespaces(true)
        .build();
  }
}
