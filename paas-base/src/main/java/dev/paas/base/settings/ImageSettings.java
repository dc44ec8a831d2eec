package dev.paas.base.settings;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Images that people load, save, pull and push.
 *
 * @param allowedHosts registries, and what they lead to, that may have a private or link-local
 *     address: {@code host} or {@code host:port}
 * @param logins of one user to registries
 * @param atOnce pulls and pushes of one user under way
 * @param timeout for a pull or a push
 * @param stalled how long the other end of a transfer may take and give nothing before it is ended
 * @param runKept how long an image is kept that was pulled to be run and is not run any more
 * @param runImages how many of these one user may have
 */
public record ImageSettings(
    List<String> allowedHosts,
    int logins,
    int atOnce,
    Duration timeout,
    @AtLeast("1s") Duration stalled,
    @AtLeast("1m") Duration runKept,
    int runImages) {

  private static final Pattern HOST =
      Pattern.compile("(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\\[[0-9a-f:.]+\\])(?::[0-9]{1,5})?");

  public ImageSettings {
    allowedHosts = List.copyOf(allowedHosts);
    for (String host : allowedHosts) {
      if (!HOST.matcher(host).matches()) {
        throw BadSetting.of(
            "The setting images.allowed-hosts can't have this value",
            host,
            "Write hosts in lower case, like registry.internal or 10.0.0.5:5000.");
      }
    }
  }
}
