package dev.paas.api.building;

import dev.paas.api.build.BuildId;
import dev.paas.api.build.BuildOutput;
import dev.paas.api.buildvars.Mask;
import dev.paas.api.disk.DiskQuota;
import dev.paas.api.quota.OverQuotaException;
import dev.paas.api.quota.Quota;
import dev.paas.api.runtime.RuntimeClient;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.base.time.Ticker;
import dev.paas.contract.runtime.Image;
import dev.paas.contract.runtime.RemoveImageRequest;
import dev.paas.contract.runtime.SolveEvent;
import dev.paas.contract.runtime.SolveRequest;
import io.grpc.Context;
import io.grpc.Context.CancellableContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Has the runtime solve a prepared build, within the time that builds have and the disk that the
 * app's owner has, and shows what the steps write.
 */
@ApplicationScoped
class BuildSolver {

  private final RuntimeClient runtime;
  private final DiskQuota quota;
  private final BuildOutput output;
  private final Ticker ticker;
  private final Duration timeout;

  BuildSolver(
      RuntimeClient runtime,
      DiskQuota quota,
      BuildOutput output,
      Ticker ticker,
      PlatformSettings settings) {
    this.runtime = runtime;
    this.quota = quota;
    this.output = output;
    this.ticker = ticker;
    this.timeout = settings.build().timeout();
  }

  /**
   * The image, which has the build's name.
   *
   * @throws PaasException {@code quota.disk}, {@code build.timeout}, or why a step failed
   */
  Image solve(BuildId id, BuildPreparation.Prepared prepared) {
    try {
      BuildRoom room =
          new BuildRoom(made -> quota.requireForBuild(id.app(), prepared.bases(), made));
      Image image = solveWithin(room, id, prepared.request());
      // Once more now that it is there: of builds at the same time, the last sees all others.
      var unused = quota.requireForBuild(id.app(), List.of(), 0);
      return image;
    } catch (OverQuotaException beyond) {
      if (beyond.quota() == Quota.DISK) {
        forget(id);
      }
      throw beyond;
    }
  }

  /** Takes the build's image away, also when its own calls have been cancelled. */
  void forget(BuildId id) {
    Context own = Context.ROOT.attach();
    try {
      runtime.call(
          () ->
              runtime
                  .now()
                  .removeImage(RemoveImageRequest.newBuilder().setRef(id.imageName()).build()));
    } finally {
      Context.ROOT.detach(own);
    }
  }

  /** Whatever ends it here ends it in the runtime, too. */
  private Image solveWithin(BuildRoom room, BuildId id, SolveRequest request) {
    CancellableContext call = Context.current().withCancellation();
    Context before = call.attach();
    long start = ticker.nanos();
    List<String> secrets =
        request.getSecretsList().stream().map(SolveRequest.Secret::getValue).toList();
    SolveOutput lines = new SolveOutput(output, id, new Mask(secrets));
    try {
      return runtime.call(() -> follow(request, lines, room));
    } catch (PaasException failed) {
      if (ticker.since(start).compareTo(timeout) >= 0) {
        throw Problem.of(
                Kind.IMPOSSIBLE,
                "build.timeout",
                "The build took longer than " + timeout.toMinutes() + " minutes",
                "Make it shorter, or raise the setting build.timeout.")
            .asException(failed);
      }
      throw failed;
    } finally {
      call.detach(before);
      call.cancel(null);
      lines.end();
    }
  }

  private Image follow(SolveRequest request, SolveOutput lines, BuildRoom room) {
    Iterator<SolveEvent> events =
        runtime
            .patiently()
            .withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS)
            .solve(request);
    events.forEachRemaining(
        event -> {
          lines.take(event);
          room.take(event);
        });
    return lines.image().orElseThrow();
  }
}
