package dev.paas.api.push;

import dev.paas.api.app.AppCleaner;
import dev.paas.api.build.BuildOutput;
import dev.paas.api.build.Builds;
import dev.paas.base.name.AppName;
import dev.paas.gitreceiver.repository.Repositories;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Takes away an app's pushes, builds, their output and the repository. */
@ApplicationScoped
class RepositoryCleaner implements AppCleaner {

  private final Pushes pushes;
  private final Builds builds;
  private final BuildOutput output;
  private final Repositories repositories;

  RepositoryCleaner(Pushes pushes, Builds builds, BuildOutput output, Repositories repositories) {
    this.pushes = pushes;
    this.builds = builds;
    this.output = output;
    this.repositories = repositories;
  }

  @Override
  public int order() {
    return 20;
  }

  @Override
  public void clean(AppName app) throws InterruptedException {
    try {
      pushes.delete(app);
      builds.delete(app);
      output.delete(app);
      repositories.delete(app);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
