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
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** Decides whether a session may be started, and starts it. */
final class SessionStarts {

  private static final int MAX_SLOT = 100_000;

  private final Admissions admissions;
  private final Function<String, StoredImage> images;
  private final SessionPlaces places;
  private final SessionLaunch launch;
  private final AtomicInteger slots = new AtomicInteger();

  /**
   * @param images finds an image by its digest
   */
  SessionStarts(
      Admissions admissions,
      Function<String, StoredImage> images,
      SessionPlaces places,
      SessionLaunch launch) {
    this.admissions = admissions;
    this.images = images;
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
    InstanceSpec spec = request.getRun();
    AppName app = InstanceIds.name(withSlot(spec.getId(), 1)).app();
    Admissions.Admission admitted = admissions.start(app);
    try {
      StoredImage image = SpecCheck.open(app, images.apply(spec.getImage()));
      SessionEntry entry = places.enterRun(request, freeName(spec.getId()));
      if (entry.beginLaunching()) {
        launch.begin(entry, app, image);
      }
      return entry.started().thenApply(begun -> entry.view());
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
