package dev.paas.api.build;

/**
 * A build that is recorded with its push.
 *
 * @param state queued, or what an earlier build of the same files came to, whose image has that
 *     one's name
 * @param settings how it is built
 */
public record NewBuild(BuildState state, BuildSettings settings) {

  public static NewBuild queued(BuildSettings settings) {
    return new NewBuild(new BuildState.Queued(), settings);
  }
}
