package dev.paas.runtime.session;

import dev.paas.base.name.AppName;
import dev.paas.base.name.InstanceName;
import dev.paas.contract.runtime.InstanceId;
import dev.paas.contract.runtime.InstanceSpec;
import dev.paas.contract.runtime.Session;
import dev.paas.contract.runtime.StartSessionRequest;
import dev.paas.runtime.container.Admissions;
import dev.paas.runtime.container.InstanceIds;
import dev.paas.runtime.container.SpecCheck;
import dev.paas.runtime.image.StoredImage;
import dev.paas.runtime.session.launch.RunningInstances;
import dev.paas.runtime.session.roster.SessionEntry;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** Decides whether a session may be started, and starts it. */
final class SessionStarts {

  private static final int MAX_SLOT = 100_000;

  private final Admissions admissions;
  private final Function<String, StoredImage> images;
  private final RunningInstances instances;
  private final SessionPlaces places;
  private final SessionLaunch launch;
  private final AtomicInteger slots = new AtomicInteger();

  /**
   * @param images finds an image by its digest
   */
  SessionStarts(
      Admissions admissions,
      Function<String, StoredImage> images,
      RunningInstances instances,
      SessionPlaces places,
      SessionLaunch launch) {
    this.admissions = admissions;
    this.images = images;
    this.instances = instances;
    this.places = places;
    this.launch = launch;
  }

  /** See {@link Sessions#start}. */
  CompletableFuture<Session> start(StartSessionRequest request) throws IOException {
    SessionCheck.check(request);
    SessionEntry known = places.roster().find(request.getId()).orElse(null);
    if (known != null) {
      return known.started().thenApply(begun -> known.view());
    }
    return request.hasRun() ? startRun(request) : startExec(request);
  }

  private CompletableFuture<Session> startExec(StartSessionRequest request) throws IOException {
    InstanceName inside = InstanceIds.name(request.getInside());
    Admissions.Admission admitted = admissions.start(inside.app());
    try {
      StoredImage image = images.apply(instances.require(inside).getImage());
      return begin(places.enterExec(request), image);
    } finally {
      admitted.close();
    }
  }

  private CompletableFuture<Session> begin(SessionEntry entry, StoredImage image) {
    // When two calls have come at once, one of them does it.
    if (entry.beginLaunching()) {
      launch.begin(entry, image);
    }
    return entry.started().thenApply(begun -> entry.view());
  }

  private CompletableFuture<Session> startRun(StartSessionRequest request) throws IOException {
    InstanceSpec spec = request.getRun();
    AppName app = InstanceIds.name(withSlot(spec.getId(), 1)).app();
    Admissions.Admission admitted = admissions.start(app);
    try {
      StoredImage image = SpecCheck.open(app, images.apply(spec.getImage()));
      return begin(places.enterRun(request, freeName(spec.getId())), image);
    } finally {
      // From here on whoever removes the app finds it, launched or not.
      admitted.close();
    }
  }

  private static InstanceId withSlot(InstanceId id, int slot) {
    return id.getSlot() == 0 ? id.toBuilder().setSlot(slot).build() : id;
  }

  /** A name that no session has; sessions of an earlier daemon have some. */
  private InstanceName freeName(InstanceId id) {
    InstanceName name;
    do {
      int slot = Math.floorMod(slots.incrementAndGet(), MAX_SLOT) + 1;
      name = InstanceIds.name(withSlot(id, slot));
    } while (id.getSlot() == 0 && places.isHeld(name));
    return name;
  }
}
