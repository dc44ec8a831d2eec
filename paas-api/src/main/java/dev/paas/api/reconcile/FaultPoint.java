package dev.paas.api.reconcile;

/** Where a test may break the control plane; each lies between two durable steps. */
public enum FaultPoint {
  /** The objects of a push are stored, nothing names them. */
  PUSH_PACK_STORED("push.pack-stored"),
  PUSH_ACCEPTED("push.accepted"),
  BUILD_STARTED("build.started"),
  BUILD_IMAGE_STORED("build.image-stored"),
  RELEASE_COMMITTED("release.committed"),
  RUN_CREATED("run.created"),
  RUN_STARTED("run.started"),
  RUN_HEALTHY("run.healthy"),
  ROUTE_PUBLISHED("route.published"),
  RUN_OLD_STOPPED("run.old-stopped"),
  /** The deploy branch has moved, the push is not yet recorded as deployed. */
  PUSH_REFS_MOVED("push.refs-moved"),
  APP_MARKED_DESTROYED("app.marked-destroyed"),
  APP_CLEANED("app.cleaned");

  private final String label;

  FaultPoint(String label) {
    this.label = label;
  }

  /** The name that a {@link Fault} is written with. */
  public String label() {
    return label;
  }
}
