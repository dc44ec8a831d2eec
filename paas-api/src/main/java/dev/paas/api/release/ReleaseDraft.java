package dev.paas.api.release;

import dev.paas.base.name.ProcessType;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A release before it has a version and is recorded; its parts mean what those of a {@link Release}
 * do.
 */
public record ReleaseDraft(
    String image,
    int configVersion,
    SortedMap<ProcessType, ProcessSpec> processes,
    int port,
    String commit,
    String description) {

  public ReleaseDraft {
    processes = Collections.unmodifiableSortedMap(new TreeMap<>(processes));
  }

  /** The same with other words for it. */
  public ReleaseDraft named(String words) {
    return new ReleaseDraft(image, configVersion, processes, port, commit, words);
  }

  /** Runs the image of an earlier release again, with config vars of any version. */
  public static ReleaseDraft again(Release like, int configVersion, String description) {
    return new ReleaseDraft(
        like.image(), configVersion, like.processes(), like.port(), like.commit(), description);
  }
}
