package dev.paas.api.runtime;

import dev.paas.contract.runtime.ImageConfig;
import java.util.List;

/**
 * How an imported image is to be run.
 *
 * @param env {@code NAME=value}
 * @param user name or id, optionally with a group after a colon; empty for root
 */
public record ImageSettings(
    List<String> env, List<String> entrypoint, List<String> cmd, String user, String workingDir) {

  ImageConfig config() {
    return ImageConfig.newBuilder()
        .addAllEnv(env)
        .addAllCmd(cmd)
        .addAllEntrypoint(entrypoint)
        .setUser(user)
        .setWorkingDir(workingDir)
        .build();
  }
}
