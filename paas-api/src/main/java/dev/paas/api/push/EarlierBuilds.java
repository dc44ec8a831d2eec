package dev.paas.api.push;

import dev.paas.api.build.Build;
import dev.paas.api.build.BuildState;
import dev.paas.api.build.Builds;
import dev.paas.api.build.Recipe;
import dev.paas.api.runtime.ImageStore;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.PaasException;
import dev.paas.gitreceiver.repository.Repositories;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;

/** The images that an app's files were built to before. */
@ApplicationScoped
class EarlierBuilds {

  /** How many builds are looked at; images of older ones are gone anyway. */
  private static final int LOOKED_AT = 100;

  private final Builds builds;
  private final Repositories repositories;
  private final ImageStore images;

  EarlierBuilds(Builds builds, Repositories repositories, ImageStore images) {
    this.builds = builds;
    this.repositories = repositories;
    this.images = images;
  }

  /** The newest build of the same files in the same way whose image is still there. */
  Optional<Build> of(AppName app, String commit, Recipe recipe) throws IOException {
    List<Build> made =
        builds.list(app).stream()
            .limit(LOOKED_AT)
            .filter(build -> build.recipe().buildsAs(recipe))
            .filter(build -> build.named() && build.state() instanceof BuildState.Succeeded)
            .toList();
    try (Repository repository = repositories.open(app);
        RevWalk walk = new RevWalk(repository)) {
      ObjectId files = tree(walk, commit);
      for (Build build : made) {
        if (sameFiles(walk, build.commit(), files) && isStored(build)) {
          return Optional.of(build);
        }
      }
    }
    return Optional.empty();
  }

  /** An admin may have taken an image away; while the runtime can't say, the files are built. */
  private boolean isStored(Build build) {
    try {
      return build.state() instanceof BuildState.Succeeded made
          && images
              .find(build.id().imageName())
              .filter(image -> image.digest().equals(made.image()))
              .isPresent();
    } catch (PaasException away) {
      return false;
    }
  }

  private static boolean sameFiles(RevWalk walk, String commit, ObjectId files) throws IOException {
    try {
      return tree(walk, commit).equals(files);
    } catch (MissingObjectException gone) {
      return false; // its push was declined, and what it brought was tidied away
    }
  }

  private static ObjectId tree(RevWalk walk, String commit) throws IOException {
    return walk.parseCommit(ObjectId.fromString(commit)).getTree().getId();
  }
}
