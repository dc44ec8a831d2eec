package dev.paas.acceptance.threat;

import dev.paas.acceptance.platform.Command;
import dev.paas.acceptance.platform.Platform;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A second user of the platform, with a key and a token; closing takes both away. */
public final class OtherUser implements AutoCloseable {
  private final Platform platform;
  private final String name;
  private final String key;
  private final String token;

  public OtherUser(Platform platform, String name) {
    this.platform = platform;
    this.name = name;
    this.key = newKey(platform, name);
    platform.paas("keys:add", name, key + ".pub", "--user", name).succeed();
    this.token = platform.paas("tokens:create", name, "--user", name).succeed().out().strip();
  }

  /** Makes a key that nobody knows; the path of its private half. */
  static String newKey(Platform platform, String name) {
    String path = platform.scratch().resolve("key-" + name).toString();
    Command.of("rm", "-f", path, path + ".pub").succeed();
    Command.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path).succeed();
    return path;
  }

  /** The environment of somebody who has this key instead of the platform's. */
  static Map<String, String> environment(Platform platform, String key) {
    Map<String, String> environment = new HashMap<>(platform.environment());
    environment.put("GIT_SSH_COMMAND", sshCommand(platform, key));
    return environment;
  }

  private static String sshCommand(Platform platform, String key) {
    return platform.variable("GIT_SSH_COMMAND").replace(platform.variable("PAAS_KEY"), key);
  }

  public String token() {
    return token;
  }

  public Map<String, String> environment() {
    Map<String, String> environment = environment(platform, key);
    environment.put("PAAS_TOKEN", token);
    return environment;
  }

  public Command paas(String... arguments) {
    return platform.paas(arguments).with(environment());
  }

  Command ssh(String... arguments) {
    return Command.of(sshCommand(arguments)).in(platform.scratch());
  }

  /** The words of an ssh command of this user; an option may stand for the command. */
  List<String> sshCommand(String... arguments) {
    List<String> argv = new ArrayList<>(Arrays.asList(sshCommand(platform, key).split(" ")));
    argv.addAll(List.of("-p", platform.variable("PAAS_SSH_PORT"), "paas@localhost"));
    argv.addAll(Arrays.asList(arguments));
    return argv;
  }

  @Override
  public void close() {
    platform.paas("keys:remove", name, "--user", name).run();
    platform.paas("tokens:revoke", name, "--user", name).run();
    Command.of("rm", "-f", key, key + ".pub").succeed();
  }
}
