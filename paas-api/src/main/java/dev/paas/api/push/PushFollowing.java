package dev.paas.api.push;

import dev.paas.api.app.Apps;
import dev.paas.api.build.BuildId;
import dev.paas.api.build.BuildOutput;
import dev.paas.api.build.BuildOutput.Subscription;
import dev.paas.base.problem.Problem;
import dev.paas.gitreceiver.Progress;
import dev.paas.gitreceiver.PushOutcome;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.function.Consumer;

/** Follows a push that is under way, for as long as a pusher listens. */
@ApplicationScoped
class PushFollowing {

  /** Read from the output at once, in bytes. */
  private static final int CHUNK = 16 << 10;

  private final Apps apps;
  private final Pushes pushes;
  private final BuildOutput output;

  PushFollowing(Apps apps, Pushes pushes, BuildOutput output) {
    this.apps = apps;
    this.pushes = pushes;
    this.output = output;
  }

  /**
   * Hands every line on until the push has ended, the app is being destroyed, or nobody listens any
   * more.
   */
  PushOutcome follow(BuildId id, Consumer<String> lines, Progress progress, Patience patience)
      throws InterruptedException {
    Lines handed = new Lines(lines);
    long offset = 0;
    Subscription following = output.follow(id, patience::wake);
    patience.wake();
    try {
      while (progress.connected()) {
        patience.await();
        // The end is read before the output: what was written before the end is then seen.
        boolean gone = apps.find(id.app()).isEmpty();
        Optional<AcceptedPush> state = pushes.find(id);
        byte[] bytes = output.read(id, offset, CHUNK);
        while (bytes.length > 0) {
          offset += bytes.length;
          handed.add(bytes);
          bytes = output.read(id, offset, CHUNK);
        }
        boolean over = state.isEmpty() || !(state.get().state() instanceof PushState.Pending);
        if (gone || over || patience.superseded()) {
          handed.end();
        }
        if (gone || state.isEmpty() || patience.superseded()) {
          Problem why = gone || state.isEmpty() ? PushProblems.gone() : PushProblems.superseded();
          return new PushOutcome.Declined(why);
        }
        if (state.get().state() instanceof PushState.Deployed) {
          return new PushOutcome.Accepted();
        } else if (state.get().state() instanceof PushState.Declined declined) {
          return new PushOutcome.Declined(declined.problem());
        }
      }
    } finally {
      following.close();
    }
    return new PushOutcome.Declined(PushProblems.gone());
  }
}
