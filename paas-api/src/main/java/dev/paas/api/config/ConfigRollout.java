package dev.paas.api.config;

import dev.paas.api.access.User;
import dev.paas.base.name.AppName;
import java.util.Optional;

/**
 * Brings a new config version to the running instances. Implemented where releases are made, so
 * that config need not know them.
 */
public interface ConfigRollout {

  /**
   * Called once the version is durable; makes a release and a deployment of it.
   *
   * @return the deployment as its JSON record, or nothing when the app has no release yet
   */
  Optional<Object> rollOut(AppName app, int version, User user);
}
