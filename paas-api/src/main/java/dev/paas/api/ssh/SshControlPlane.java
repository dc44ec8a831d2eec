package dev.paas.api.ssh;

import dev.paas.api.audit.Actor;
import dev.paas.api.push.PushReception;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.Problem;
import dev.paas.gitreceiver.Access;
import dev.paas.gitreceiver.CommandStreams;
import dev.paas.gitreceiver.ControlPlane;
import dev.paas.gitreceiver.Identity;
import dev.paas.gitreceiver.Progress;
import dev.paas.gitreceiver.Push;
import dev.paas.gitreceiver.PushOutcome;
import dev.paas.gitreceiver.key.SshPublicKey;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/** What the SSH server may ask the control plane: keys, repositories, pushes, commands. */
@ApplicationScoped
public class SshControlPlane implements ControlPlane {

  private final SshIdentities identities;
  private final RepositoryAccess repositories;
  private final PushReception pushes;
  private final SshCommands commands;

  SshControlPlane(
      SshIdentities identities,
      RepositoryAccess repositories,
      PushReception pushes,
      SshCommands commands) {
    this.identities = identities;
    this.repositories = repositories;
    this.pushes = pushes;
    this.commands = commands;
  }

  @Override
  public Optional<Identity> authenticate(SshPublicKey key, String address) {
    return identities.of(key, address);
  }

  @Override
  public boolean openRepository(Identity identity, AppName app, Access access) {
    return repositories.open(identities.user(identity), identity, app, access);
  }

  @Override
  public void admit(Identity identity, AppName app) {
    pushes.admit(app);
  }

  @Override
  public List<String> deployBranches(AppName app) {
    return pushes.deployBranches(app);
  }

  @Override
  public PushOutcome receive(Push push, Progress progress) {
    if (repositories.wasMade(push.app())) {
      // Whoever mistyped a name learns it here.
      progress.line("-----> Creating app " + push.app());
    }
    return pushes.receive(push, progress);
  }

  @Override
  public void declined(Identity identity, AppName app, Problem problem) {
    pushes.declined(identity, app, problem);
  }

  @Override
  public StoredRefs storing(Identity identity, AppName app, String what) {
    return pushes.storing(identity, app, what);
  }

  @Override
  public int run(Identity identity, List<String> argv, CommandStreams streams) {
    return commands.run(identities.user(identity), Actor.of(identity), argv, streams);
  }
}
