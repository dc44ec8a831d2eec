package dev.paas.gitreceiver.receive;

import java.util.Map;
import java.util.stream.Collectors;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.Ref;

/** Refs of the platform itself are neither shown to clients nor taken from them. */
public final class VisibleRefs {

  private VisibleRefs() {}

  /** The refs that clients see: branches, tags and HEAD. */
  public static Map<String, Ref> of(Map<String, Ref> refs) {
    return refs.entrySet().stream()
        .filter(ref -> areUsers(ref.getKey()) || ref.getKey().equals(Constants.HEAD))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  static boolean areUsers(String ref) {
    return ref.startsWith(Constants.R_HEADS) || ref.startsWith(Constants.R_TAGS);
  }
}
