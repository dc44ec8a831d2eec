package dev.paas.api.config;

import dev.paas.api.identity.User;
import dev.paas.base.name.AppName;
import java.util.Optional;

/**
 * Brings a new config version to the running instances. Implemented where releases are made, so
 * that config need not know them.
 */
public interface ConfigRollout {

  /**
   * Makes a release and a deployment of a version. Called inside the commit that makes the version,
   * so that there is never one without the other: rows only; what must wait for durability goes to
   * {@code store.afterCommit}.
   *
   * @return the deployment as its JSON record, or nothing when the app has no release yet
   */
  Optional<Object> rollOut(AppName app, int version, User user);
}
