package dev.paas.api.ssh;

import dev.paas.api.access.Permission;
import dev.paas.api.access.Subject;
import dev.paas.api.app.AppExistsException;
import dev.paas.api.app.AppGoing;
import dev.paas.api.app.Apps;
import dev.paas.api.audit.Actor;
import dev.paas.api.audit.Refusals;
import dev.paas.api.identity.User;
import dev.paas.base.disk.DiskSpace;
import dev.paas.base.name.AppName;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.gitreceiver.Access;
import dev.paas.gitreceiver.Identity;
import dev.paas.gitreceiver.repository.Repositories;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who may fetch from an app's repository or push to it; a push makes an app that nobody has. */
@ApplicationScoped
class RepositoryAccess {

  private static final Logger LOG = LoggerFactory.getLogger(RepositoryAccess.class);

  private final Apps apps;
  private final Repositories repositories;
  private final Refusals refusals;
  private final List<DiskSpace> disks;

  /** Apps that a push has made and whose pusher has not been told so yet. */
  private final Set<AppName> made = ConcurrentHashMap.newKeySet();

  RepositoryAccess(
      Apps apps, Repositories repositories, Refusals refusals, PlatformSettings settings) {
    this.apps = apps;
    this.repositories = repositories;
    this.refusals = refusals;
    this.disks =
        Stream.of("db", "git")
            .map(settings.platform().data()::resolve)
            .map(folder -> new DiskSpace(folder, settings.platform().diskReserve()))
            .toList();
  }

  /**
   * Whether the user may, which has the repository be there. A refusal is an entry of the audit.
   *
   * @throws dev.paas.base.problem.PaasException why the app can't be made, or that the disk is full
   */
  boolean open(User user, Identity identity, AppName app, Access access) {
    Actor actor = Actor.of(identity);
    boolean open = open(Subject.unlimited(user), actor, app, access);
    if (!open) {
      refusals.add(actor, "repository.refused", app);
      LOG.atInfo()
          .addKeyValue("user", identity.user())
          .addKeyValue("key", identity.keyFingerprint())
          .addKeyValue("app", app)
          .addKeyValue("access", access)
          .log("audit: repository refused");
    }
    return open;
  }

  /** Whether a push has made the app and this is the first time that somebody asks so. */
  boolean wasMade(AppName app) {
    return made.remove(app);
  }

  void going(@Observes AppGoing event) {
    made.remove(event.app());
  }

  private boolean open(Subject subject, Actor actor, AppName app, Access access) {
    if (access == Access.WRITE) {
      disks.forEach(DiskSpace::require);
    }
    try {
      Permission wanted = access == Access.READ ? Permission.FETCH : Permission.PUSH;
      if (!apps.allows(subject, wanted, app)) {
        if (access == Access.READ) {
          return false;
        }
        apps.create(subject, actor, app);
        made.add(app);
      }
      repositories.create(app);
      return true;
    } catch (AppExistsException another) {
      return false; // somebody else's app looks like one that can't be had
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
