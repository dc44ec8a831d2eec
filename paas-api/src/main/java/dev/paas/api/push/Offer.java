package dev.paas.api.push;

import dev.paas.api.audit.Actor;
import dev.paas.api.build.Recipe;
import dev.paas.gitreceiver.Push;
import dev.paas.gitreceiver.upload.Upload;
import org.jspecify.annotations.Nullable;

/**
 * A commit that somebody has brought, to be deployed.
 *
 * @param actor who, and how they proved to be that
 * @param upload the files that it was made of, when it did not come by git
 * @param recipe what the app's commits are built with at this moment
 * @param rebuild whether it is built although the same files have been
 */
record Offer(Push push, Actor actor, @Nullable Upload upload, Recipe recipe, boolean rebuild) {

  static Offer pushed(Push push, Recipe recipe) {
    return new Offer(push, Actor.of(push.identity()), null, recipe, false);
  }
}
