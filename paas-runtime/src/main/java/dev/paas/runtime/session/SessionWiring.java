package dev.paas.runtime.session;

import dev.paas.base.settings.InstanceSettings;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.base.time.Ticker;
import dev.paas.runtime.container.Admissions;
import dev.paas.runtime.container.ContainerParts;
import dev.paas.runtime.container.HostParts;
import dev.paas.runtime.container.Monitor;
import dev.paas.runtime.image.StoredImage;
import dev.paas.runtime.instance.ExitWatcher;
import dev.paas.runtime.rootfs.UidRanges;
import dev.paas.runtime.session.output.OutputWatcher;
import java.io.IOException;
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;

/** Puts {@link Sessions} together. */
public final class SessionWiring {

  /** Starts at once. */
  private static final int STARTERS = 4;

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

  public Sessions sessions(SessionNotes notes, Admissions admissions) throws IOException {
    HostParts tools = parts.tools();
    ScheduledExecutorService timer = Executors.newScheduledThreadPool(2, this::thread);
    ExecutorService work = Executors.newFixedThreadPool(STARTERS, this::thread);
    OutputWatcher outputs = new OutputWatcher(notes.outputs(), parts.duties());
    SessionRoster roster = new SessionRoster();
    SessionPlaces places =
        new SessionPlaces(
            roster, notes, parts.claims(), tools.network().links(), parts.limits().runs(), clock);
    RunLauncher runs = launcher();
    SessionEnds ends = new SessionEnds(notes, runs, places::release, timer, clock);
    return new Sessions(
        new SessionStarts(
            admissions, images, places, new SessionLaunch(runs, places, outputs, ids, work, clock)),
        ends,
        roster,
        runs,
        new Resizer(timer, tools.folders().bundles()),
        new SessionKeeping(
            new SessionAdoption(notes, places, runs, ends, outputs),
            new SessionUpkeep(roster, ends, runs, limits(), clock, Ticker.system()),
            new ExitWatcher(
                tools.folders().exits(),
                parts.duties(),
                container ->
                    roster
                        .withContainer(container)
                        .ifPresent(entry -> timer.execute(() -> ends.ended(entry)))),
            outputs,
            parts.duties(),
            timer));
  }

  private Thread thread(Runnable task) {
    Thread thread = new Thread(task, "session");
    thread.setDaemon(true);
    return thread;
  }

  private SessionLimits limits() {
    InstanceSettings instances = settings.runtime();
    return new SessionLimits(
        instances.sessionLimit(),
        instances.sessionsKept(),
        instances.sessionsKeptMost(),
        settings.deploy().stopGrace());
  }

  private RunLauncher launcher() throws IOException {
    HostParts tools = parts.tools();
    long most = settings.runtime().sessionOutput().bytes();
    return new RunLauncher(
        parts.host(),
        parts.files(),
        new Monitor(tools.runtime(), tools.cgroups(), tools.folders(), most),
        tools.network().links(),
        parts.limits());
  }
}
