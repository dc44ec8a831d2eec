package dev.paas.api.building;

import dev.paas.api.app.App;
import dev.paas.api.build.Build;
import dev.paas.api.build.BuildId;
import dev.paas.api.build.BuildState;
import dev.paas.api.reconcile.FaultPoint;
import dev.paas.api.reconcile.Faults;
import dev.paas.base.disk.DiskSpace;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.builder.plan.WebPort;
import dev.paas.contract.runtime.Image;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;

/**
 * Makes the image of a build, from the pushed commit to the image in the runtime's store. May be
 * asked for again after a crash: the runtime's cache makes that cheap.
 */
@ApplicationScoped
class ImageMaker {

  private final BuildPreparation preparation;
  private final BuildSolver solver;
  private final Faults faults;
  private final DiskSpace disk;

  ImageMaker(
      BuildPreparation preparation, BuildSolver solver, Faults faults, PlatformSettings settings) {
    this.preparation = preparation;
    this.solver = solver;
    this.faults = faults;
    this.disk =
        new DiskSpace(
            settings.platform().data().resolve("runtime"), settings.platform().diskReserve());
  }

  /**
   * @throws dev.paas.base.problem.PaasException why there is no image: the commit's fault, a limit,
   *     or that the runtime is away
   */
  BuildState.Succeeded make(App app, Build build) throws IOException, InterruptedException {
    faults.reach(FaultPoint.BUILD_STARTED);
    disk.require();
    BuildPreparation.Prepared prepared = preparation.prepare(app, build);
    Image image = solver.solve(build.id(), prepared);
    faults.reach(FaultPoint.BUILD_IMAGE_STORED);
    return new BuildState.Succeeded(
        image.getDigest(),
        prepared.plan().processes().commands(),
        WebPort.of(prepared.plan().config()));
  }

  /** Takes the image of a build away that nobody wants any more. */
  void forget(BuildId id) {
    solver.forget(id);
  }
}
