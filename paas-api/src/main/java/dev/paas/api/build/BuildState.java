package dev.paas.api.build;

import dev.paas.base.name.ProcessType;
import dev.paas.base.problem.Problem;
import dev.paas.builder.procfile.Command;
import java.util.Collections;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;

/** How far a build is. */
public sealed interface BuildState {

  /** Waits for a free builder. */
  record Queued() implements BuildState {}

  /** A builder works on it, or did when the control plane stopped. */
  record Running() implements BuildState {}

  /**
   * Its image is in the runtime's store.
   *
   * @param image manifest digest
   * @param port what the image's web process is told in PORT
   */
  record Succeeded(String image, SortedMap<ProcessType, Command> processes, int port)
      implements BuildState {
    public Succeeded {
      processes = Collections.unmodifiableSortedMap(new TreeMap<>(processes));
    }
  }

  /** It will not become an image. */
  record Failed(Problem problem) implements BuildState {}

  /** One answer for each state. */
  default <T> T fold(
      Supplier<T> unfinished, Function<Succeeded, T> succeeded, Function<Failed, T> failed) {
    if (this instanceof Succeeded state) {
      return succeeded.apply(state);
    } else if (this instanceof Failed state) {
      return failed.apply(state);
    }
    return unfinished.get();
  }

  /** The name in the store and in the API. */
  default String shown() {
    return getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  default boolean finished() {
    return this instanceof Succeeded || this instanceof Failed;
  }
}
