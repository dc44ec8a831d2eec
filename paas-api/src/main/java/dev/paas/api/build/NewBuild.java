package dev.paas.api.build;

/**
 * A build that is recorded with its push.
 *
 * @param state queued, or what an earlier build of the same files came to, whose image has that
 *     one's name
 * @param recipe what it is made with
 */
public record NewBuild(BuildState state, Recipe recipe) {

  public static NewBuild queued(Recipe recipe) {
    return new NewBuild(new BuildState.Queued(), recipe);
  }
}
