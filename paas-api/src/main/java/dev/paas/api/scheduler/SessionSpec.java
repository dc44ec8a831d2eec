package dev.paas.api.scheduler;

import dev.paas.base.name.InstanceName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a session is started with.
 *
 * @param id the caller's choice: 1 to 32 of a-z and 0-9, its own in the whole platform
 * @param terminal the size of its terminal; without one, standard output and error are apart
 * @param stdin whether input may come; else the command reads an end of file
 * @param unattended ends when nobody has been attached for so long, in whole seconds; zero: never
 */
public record SessionSpec(
    String id, Place place, Optional<TerminalSize> terminal, boolean stdin, Duration unattended) {

  /** Where the command runs. */
  public sealed interface Place {}

  /** A run: in a container of its own. */
  public record Apart(InstanceSpec spec, RunAs as) implements Place {

    /** As the image and the platform say. */
    public Apart(InstanceSpec spec) {
      this(spec, RunAs.USUAL);
    }
  }

  /**
   * An exec: inside an instance that runs.
   *
   * @param env variables beside the instance's; they may be secret
   */
  public record Inside(InstanceName instance, List<String> argv, Map<String, String> env)
      implements Place {

    public Inside {
      argv = List.copyOf(argv);
      env = Map.copyOf(env);
    }

    /** Without command and variables, which may be secret. */
    @Override
    public String toString() {
      return "Inside[" + instance + "]";
    }
  }
}
