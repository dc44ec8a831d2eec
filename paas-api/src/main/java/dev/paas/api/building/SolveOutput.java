package dev.paas.api.building;

import dev.paas.api.build.BuildId;
import dev.paas.api.build.BuildOutput;
import dev.paas.api.buildvars.Mask;
import dev.paas.contract.runtime.Image;
import dev.paas.contract.runtime.SolveEvent;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns the events of a running build graph into lines for the person who pushed. */
final class SolveOutput {

  /** A step that took less is not timed, in milliseconds. */
  private static final long WORTH_TELLING = 100;

  private final BuildOutput output;
  private final BuildId build;
  private final Mask mask;
  private final Map<Source, StepLines> lines = new HashMap<>();
  private final Map<String, String> titles = new HashMap<>();
  private @Nullable Image image;
  private @Nullable String lastTitled;

  /** One of a step's two streams: what has no newline yet is no part of the other's line. */
  private record Source(String node, boolean stderr) {}

  /**
   * @param mask hides what no line may show
   */
  SolveOutput(BuildOutput output, BuildId build, Mask mask) {
    this.output = output;
    this.build = build;
    this.mask = mask;
  }

  void take(SolveEvent event) {
    switch (event.getEventCase()) {
      case STARTED -> {
        titles.put(event.getStarted().getNode(), event.getStarted().getTitle());
        title(event.getStarted().getNode());
      }
      case OUTPUT ->
          lines
              .computeIfAbsent(
                  new Source(event.getOutput().getNode(), event.getOutput().getStderr()),
                  source -> new StepLines(line -> output.detail(build, mask.of(line))))
              .write(event.getOutput().getData().toByteArray());
      case FINISHED -> finished(event.getFinished());
      case IMAGE -> image = event.getImage();
      case EVENT_NOT_SET -> {}
    }
  }

  private void finished(SolveEvent.StepFinished step) {
    for (boolean stderr : new boolean[] {false, true}) {
      StepLines rest = lines.remove(new Source(step.getNode(), stderr));
      if (rest != null) {
        rest.finish();
      }
    }
    titles.putIfAbsent(step.getNode(), step.getTitle());
    if (step.getTitle().isEmpty()) {
      return;
    }
    if (step.getCached()) {
      title(step.getNode());
      output.detail(build, "(cached)");
    } else if (step.getMillis() >= WORTH_TELLING) {
      title(step.getNode());
      output.detail(build, String.format(Locale.ROOT, "(%.1f s)", step.getMillis() / 1000.0));
    }
  }

  /** Says whose lines follow, unless it was said last. */
  private void title(String node) {
    String title = titles.getOrDefault(node, "");
    if (!title.isEmpty() && !node.equals(lastTitled)) {
      lastTitled = node;
      output.step(build, title);
    }
  }

  /** What the steps wrote last without a newline, also when the build was cut short. */
  void end() {
    lines.values().forEach(StepLines::finish);
    lines.clear();
  }

  Optional<Image> image() {
    return Optional.ofNullable(image);
  }
}
