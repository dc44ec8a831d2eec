package dev.paas.api.deploy;

import dev.paas.api.http.ProblemView;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A deployment as the API shows it. */
public record DeploymentView(
    String id,
    String app,
    @Nullable String release,
    String state,
    String kind,
    @Nullable String waitingFor,
    @Nullable ProblemView problem,
    Instant createdAt,
    @Nullable Instant finishedAt,
    Instances instances) {

  /** How far its instances are. */
  public record Instances(int wanted, int serving) {}
}
