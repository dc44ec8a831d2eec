package dev.paas.api.deploy;

import dev.paas.api.http.ProblemView;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A deployment as the API shows it.
 *
 * @param processes how many instances a scale is about, by process type; null for other kinds
 * @param rollback what a rollback goes back to; null for other kinds
 */
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
    Instances instances,
    @Nullable SortedMap<String, Integer> processes,
    @Nullable Back rollback) {

  /**
   * What a rollback goes back to.
   *
   * @param description of that release
   * @param vars names of the config vars that change with it
   */
  public record Back(String to, String description, boolean keepConfig, List<String> vars) {}

  /** How far its instances are. */
  public record Instances(int wanted, int serving) {}
}
