package dev.paas.runtime.session;

import dev.paas.base.name.InstanceName;
import dev.paas.base.settings.InstanceSettings;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.base.time.Ticker;
import dev.paas.contract.runtime.InstanceSpec;
import dev.paas.runtime.container.Admissions;
import dev.paas.runtime.container.ContainerParts;
import dev.paas.runtime.container.HostParts;
import dev.paas.runtime.container.Monitor;
import dev.paas.runtime.image.StoredImage;
import dev.paas.runtime.instance.ExitWatcher;
import dev.paas.runtime.rootfs.UidRanges;
import dev.paas.runtime.session.launch.ExecLauncher;
import dev.paas.runtime.session.launch.Launchers;
import dev.paas.runtime.session.launch.RunLauncher;
import dev.paas.runtime.session.launch.RunningInstances;
import dev.paas.runtime.session.output.OutputWatcher;
import dev.paas.runtime.session.roster.SessionNotes;
import dev.paas.runtime.session.roster.SessionRoster;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** Puts {@link Sessions} together. */
public final class SessionWiring {

  private final ContainerParts parts;
  private final PlatformSettings settings;
  private final UidRanges ids;
  private final Function<String, StoredImage> images;
  private final Clock clock;

  /**
   * @param images finds an image by its digest
   */
  public SessionWiring(
      ContainerParts parts,
      PlatformSettings settings,
      UidRanges ids,
      Function<String, StoredImage> images,
      Clock clock) {
    this.parts = parts;
    this.settings = settings;
    this.ids = ids;
    this.images = images;
    this.clock = clock;
  }

  /**
   * @param running the spec of an instance that runs
   */
  public Sessions sessions(
      SessionNotes notes,
      Admissions admissions,
      Function<InstanceName, Optional<InstanceSpec>> running)
      throws IOException {
    RunningInstances instances = new RunningInstances(running);
    HostParts tools = parts.tools();
    SessionThreads threads = SessionThreads.begin();
    OutputWatcher outputs = new OutputWatcher(notes.outputs(), parts.duties());
    SessionRoster roster = new SessionRoster();
    SessionPlaces places =
        new SessionPlaces(
            roster, notes, parts.claims(), tools.network().links(), parts.limits(), clock);
    Launchers launchers = launchers(instances);
    SessionEnds ends = new SessionEnds(notes, launchers, places::release, threads.timer(), clock);
    return new Sessions(
        new SessionStarts(
            admissions,
            images,
            instances,
            places,
            new SessionLaunch(launchers, places, outputs, ends, threads, clock)),
        ends,
        roster,
        launchers,
        new Resizer(threads.timer(), tools.folders().bundles()),
        new SessionKeeping(
            new SessionAdoption(notes, places, launchers, ends, outputs),
            new SessionUpkeep(places, ends, launchers, limits(), clock, Ticker.system()),
            exits(roster, ends, threads.timer()),
            outputs,
            parts.duties(),
            threads));
  }

  private ExitWatcher exits(SessionRoster roster, SessionEnds ends, Executor work)
      throws IOException {
    return new ExitWatcher(
        parts.tools().folders().exits(),
        parts.duties(),
        container ->
            roster
                .withContainer(container)
                .ifPresent(entry -> work.execute(() -> ends.ended(entry))));
  }

  private SessionLimits limits() {
    InstanceSettings instances = settings.runtime();
    return new SessionLimits(
        instances.sessionLimit(),
        instances.sessionsKept(),
        instances.sessionsKeptMost(),
        settings.deploy().stopGrace(),
        instances.startLimit());
  }

  private Launchers launchers(RunningInstances instances) throws IOException {
    HostParts tools = parts.tools();
    long most = settings.runtime().sessionOutput().bytes();
    Monitor monitor =
        new Monitor(
            tools.runtime(),
            tools.cgroups(),
            tools.folders(),
            most,
            settings.runtime().startLimit());
    return new Launchers(
        new RunLauncher(
            parts.host(), parts.files(), monitor, tools.network().links(), parts.limits(), ids),
        new ExecLauncher(parts.host(), monitor, parts.limits(), ids, instances),
        monitor);
  }
}
