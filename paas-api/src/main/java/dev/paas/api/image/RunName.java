package dev.paas.api.image;

import dev.paas.api.registry.RegistryLogins;
import java.util.Locale;

/**
 * How the image of a registry is named that a user pulled to run it. The name has the registry in
 * it, so that two images never share one, and is none that the user gives or pushes to.
 */
final class RunName {

  private static final String HUB = "docker.io";

  private RunName() {}

  /**
   * The name in the store, e.g. {@code users/ann/run/docker.io/library/debian:latest}. Whether the
   * reference is one at all is checked by whoever pulls it.
   */
  static String of(String user, String ref) {
    boolean named = RegistryLogins.namesHost(ref);
    int slash = ref.indexOf('/');
    String host = named ? ref.substring(0, slash).toLowerCase(Locale.ROOT) : HUB;
    String path = named ? ref.substring(slash + 1) : ref;
    if (host.equals("index." + HUB)) {
      host = HUB;
    }
    if (host.equals(HUB) && path.indexOf('/') < 0) {
      path = "library/" + path;
    }
    boolean tagged = path.indexOf('@') >= 0 || path.lastIndexOf(':') > path.lastIndexOf('/');
    // No host has two underscores, no part of a name a colon.
    return prefix(user) + host.replace(":", "__") + "/" + path + (tagged ? "" : ":latest");
  }

  /** What all names of this kind of a user begin with. */
  static String prefix(String user) {
    return "users/" + user + "/run/";
  }
}
