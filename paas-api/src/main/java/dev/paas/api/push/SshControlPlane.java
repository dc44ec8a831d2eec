package dev.paas.api.push;

import dev.paas.api.access.Permission;
import dev.paas.api.access.Subject;
import dev.paas.api.app.AppExistsException;
import dev.paas.api.app.Apps;
import dev.paas.api.audit.Actor;
import dev.paas.api.audit.Audit;
import dev.paas.api.audit.Refusals;
import dev.paas.api.building.Planning;
import dev.paas.api.disk.DiskQuota;
import dev.paas.api.identity.Keys;
import dev.paas.api.identity.User;
import dev.paas.api.identity.Users;
import dev.paas.base.disk.DiskSpace;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.gitreceiver.Access;
import dev.paas.gitreceiver.CommandStreams;
import dev.paas.gitreceiver.ControlPlane;
import dev.paas.gitreceiver.Identity;
import dev.paas.gitreceiver.Progress;
import dev.paas.gitreceiver.Push;
import dev.paas.gitreceiver.PushOutcome;
import dev.paas.gitreceiver.key.SshPublicKey;
import dev.paas.gitreceiver.repository.Repositories;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the SSH server may ask the control plane: keys, repositories, pushes, commands. */
@ApplicationScoped
public class SshControlPlane implements ControlPlane {

  private static final Logger LOG = LoggerFactory.getLogger(SshControlPlane.class);

  private final Keys keys;
  private final Users users;
  private final Apps apps;
  private final Repositories repositories;
  private final Planning planning;
  private final PushQueue pushes;
  private final RepositoryTidying tidying;
  private final SshCommands commands;
  private final Refusals refusals;
  private final Audit audit;
  private final DiskQuota quota;
  private final List<DiskSpace> disks;

  SshControlPlane(
      Keys keys,
      Users users,
      Apps apps,
      Repositories repositories,
      Planning planning,
      PushQueue pushes,
      RepositoryTidying tidying,
      SshCommands commands,
      Refusals refusals,
      Audit audit,
      DiskQuota quota,
      PlatformSettings settings) {
    this.keys = keys;
    this.users = users;
    this.apps = apps;
    this.repositories = repositories;
    this.planning = planning;
    this.pushes = pushes;
    this.tidying = tidying;
    this.commands = commands;
    this.refusals = refusals;
    this.audit = audit;
    this.quota = quota;
    this.disks =
        Stream.of("db", "git")
            .map(settings.platform().data()::resolve)
            .map(folder -> new DiskSpace(folder, settings.platform().diskReserve()))
            .toList();
  }

  @Override
  public Optional<Identity> authenticate(SshPublicKey key, String address) {
    Optional<User> user = keys.userOf(key.fingerprint());
    if (user.isEmpty()) {
      refusals.add(new Actor("", "", address), "key.refused", null);
    }
    return user.map(known -> new Identity(known.name(), key.fingerprint(), address));
  }

  /** Whom the audit names. */
  static Actor actor(Identity identity) {
    return new Actor(identity.user(), "key " + identity.keyFingerprint(), identity.address());
  }

  @Override
  public boolean openRepository(Identity identity, AppName app, Access access) {
    boolean open = open(Subject.unlimited(user(identity)), actor(identity), app, access);
    if (!open) {
      refusals.add(actor(identity), "repository.refused", app);
      LOG.atInfo()
          .addKeyValue("user", identity.user())
          .addKeyValue("key", identity.keyFingerprint())
          .addKeyValue("app", app)
          .addKeyValue("access", access)
          .log("audit: repository refused");
    }
    return open;
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
      }
      repositories.create(app);
      return true;
    } catch (AppExistsException another) {
      return false; // somebody else's app looks like one that can't be had
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @Override
  public void admit(Identity identity, AppName app) {
    try {
      quota.require(app);
    } catch (PaasException beyond) {
      tidying.tidy(app);
      throw beyond;
    }
  }

  @Override
  public PushOutcome receive(Push push, Progress progress) {
    try {
      planning.check(push.app(), push.commit());
    } catch (PaasException mistake) {
      if (apps.find(push.app()).isEmpty()) {
        return new PushOutcome.Declined(PushProblems.gone());
      }
      PushOutcome refused = pushes.refuse(push, mistake.problem());
      tidying.tidy(push.app());
      return refused;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      return new PushOutcome.Declined(PushProblems.gone());
    }
    try {
      return pushes.take(push, progress);
    } catch (PaasException declined) {
      // Before there was a row of it.
      refusals.add(actor(push.identity()), "push", push.app(), push.ref(), declined.problem());
      throw declined;
    }
  }

  @Override
  public void declined(Identity identity, AppName app, Problem problem) {
    refusals.add(actor(identity), "push", app, "", problem);
  }

  @Override
  public StoredRefs storing(Identity identity, AppName app, String what) {
    long entry = audit.begun(actor(identity), "push.store", app, what);
    return problem -> audit.ended(entry, problem);
  }

  @Override
  public int run(Identity identity, List<String> argv, CommandStreams streams) {
    return commands.run(user(identity), actor(identity), argv, streams);
  }

  private User user(Identity identity) {
    return users
        .find(identity.user())
        .orElseThrow(
            () ->
                Problem.of(
                        Kind.FORBIDDEN,
                        "access.forbidden",
                        "The user of this key does not exist any more",
                        identity.user(),
                        "Ask an admin.")
                    .asException());
  }
}
