package dev.paas.gitreceiver;

import dev.paas.base.name.AppName;

/**
 * A commit that somebody asks to deploy.
 *
 * @param ref a deploy branch, e.g. {@code refs/heads/main}
 * @param oldCommit where the branch was when the push came, or {@link #NONE}: the expected value
 *     for moving it
 * @param commit the commit to deploy: 40 hexadecimal digits; an annotated tag is peeled
 */
public record Push(Identity identity, AppName app, String ref, String oldCommit, String commit) {

  /** The object id of a branch that is not there. */
  public static final String NONE = "0".repeat(40);
}
