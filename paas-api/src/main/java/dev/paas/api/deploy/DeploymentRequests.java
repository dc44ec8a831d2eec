package dev.paas.api.deploy;

import dev.paas.api.config.Config;
import dev.paas.api.config.ConfigVars;
import dev.paas.api.formation.Formations;
import dev.paas.api.formation.KnownProcesses;
import dev.paas.api.identity.User;
import dev.paas.api.release.Release;
import dev.paas.base.name.AppName;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What people ask of an app's instances, checked and recorded in a commit that holds the app. When
 * no other deployment is before it, a request begins in the same commit.
 */
@ApplicationScoped
public class DeploymentRequests {

  /** The most config vars that a rollback names: its row has room for that many. */
  private static final int MAX_NAMES = 200;

  private final DeploymentStarter starter;
  private final Formations formations;
  private final KnownProcesses processes;
  private final ScaleRules scales;
  private final RollbackTargets rollbacks;
  private final ConfigVars config;

  DeploymentRequests(
      DeploymentStarter starter,
      Formations formations,
      KnownProcesses processes,
      ScaleRules scales,
      RollbackTargets rollbacks,
      ConfigVars config) {
    this.starter = starter;
    this.formations = formations;
    this.processes = processes;
    this.scales = scales;
    this.rollbacks = rollbacks;
    this.config = config;
  }

  /**
   * Changes how many instances there are.
   *
   * @throws dev.paas.base.problem.PaasException as {@link ScaleRules#check}
   */
  public Deployment scale(AppName app, Map<String, Integer> quantities, User user) {
    return starter.ask(app, () -> scales.check(app, quantities), user);
  }

  /** Runs an image that was not built here, which has a name of the app. */
  public Deployment image(AppName app, DeploymentRequest.Image image, User user) {
    return starter.ask(app, () -> image, user);
  }

  /**
   * Brings a new version of the config vars to the instances. Part of the commit that makes the
   * version, so that there is never one without the other. An app without a release has nothing to
   * bring it to; the first release, when it is already on its way, has the version before, and this
   * one follows it.
   */
  Optional<Deployment> configure(AppName app, int version, User user) {
    boolean runs = formations.of(app).release().isPresent() || starter.isComing(app);
    return runs
        ? Optional.of(starter.ask(app, () -> new DeploymentRequest.Config(version), user))
        : Optional.empty();
  }

  /**
   * Replaces the instances of one process type, or of all.
   *
   * @throws dev.paas.base.problem.PaasException {@code release.none}, {@code process.unknown}
   */
  public Deployment restart(AppName app, @Nullable String process, User user) {
    return starter.ask(
        app,
        () -> {
          formations.serving(app);
          if (process != null) {
            processes.require(app, process);
          }
          return new DeploymentRequest.Restart(process);
        },
        user);
  }

  /**
   * Runs an earlier release again; the last that served before the current when none is named. Once
   * it serves its config vars are the app's, unless they are to stay: what is pushed or set next
   * builds on what was gone back to.
   *
   * @param keepConfig whether the config vars stay as they are
   * @throws dev.paas.base.problem.PaasException as {@link RollbackTargets#choose}
   */
  public Deployment rollback(AppName app, @Nullable String to, boolean keepConfig, User user) {
    return starter.ask(app, () -> back(rollbacks.choose(app, to), keepConfig), user);
  }

  private DeploymentRequest back(Release target, boolean keepConfig) {
    Config now = config.current(target.app());
    Config then = keepConfig ? now : config.at(target.app(), target.configVersion());
    List<String> changes =
        ConfigVars.differences(now.vars(), then.vars()).stream().limit(MAX_NAMES).toList();
    return new DeploymentRequest.Rollback(
        target.version().number(), keepConfig, now.version(), changes);
  }
}
