package dev.paas.api.oneoff;

import dev.paas.api.runtime.InspectedImage;
import dev.paas.api.scheduler.RunAs;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.InstanceSettings;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The image of a run that is of no app, and how it differs from what the image says. What is left
 * out is as the image has it.
 *
 * @param digest of the image
 * @param user name or id, optionally {@code :group}
 * @param entrypoint instead of the image's, whose command then is left out, too
 * @param memoryBytes at most what an instance may have
 * @param cpuMillis at most what an instance may have
 */
record ImageRun(
    @Nullable String digest,
    @Nullable String user,
    @Nullable String workdir,
    @Nullable List<String> entrypoint,
    @Nullable Long memoryBytes,
    @Nullable Integer cpuMillis) {

  /**
   * The words to run, as {@code docker run} puts them together.
   *
   * @throws PaasException {@code run.no-command}
   */
  List<String> argv(InspectedImage.Config image, List<String> words) {
    List<String> argv = new ArrayList<>(entrypoint == null ? image.entrypoint() : entrypoint);
    argv.addAll(words.isEmpty() && entrypoint == null ? image.cmd() : words);
    if (argv.isEmpty()) {
      throw Problem.of(
              Kind.IMPOSSIBLE,
              "run.no-command",
              "The image names no command",
              String.valueOf(digest),
              "Write one: paas run --image IMAGE -- ls -l.")
          .asException();
    }
    return argv;
  }

  /**
   * User, folder and limits. A run counts for as much memory as an instance, and has no more.
   *
   * @throws PaasException {@code run.over-limit}
   */
  RunAs as(InstanceSettings most) {
    long memory = memoryBytes == null ? 0 : memoryBytes;
    int cpu = cpuMillis == null ? 0 : cpuMillis;
    if (memory > most.memory().bytes()) {
      throw overLimit("memory", memory + " bytes", most.memory().toString());
    }
    if (cpu > most.cpuMillis()) {
      throw overLimit("CPU", cpu + " thousandths of a core", most.cpuMillis() + " of them");
    }
    return new RunAs(user == null ? "" : user, workdir == null ? "" : workdir, memory, cpu);
  }

  private static PaasException overLimit(String what, String asked, String most) {
    return Problem.of(
            Kind.OVER_LIMIT,
            "run.over-limit",
            "A run may have as much " + what + " as an instance: " + most,
            asked,
            "Ask for less, or let an admin raise the limits of instances.")
        .asException();
  }
}
