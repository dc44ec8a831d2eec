package dev.paas.api.quota;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.DataSize;
import dev.paas.base.settings.PlatformSettings;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** What is counted for a user. */
public enum Quota {
  /** Apps that exist or are being destroyed. */
  APPS,
  /** Instances that are wanted, of all apps. */
  INSTANCES,
  /** The memory that these and one-off runs may use, in bytes. */
  MEMORY,
  /** Builds that run or wait. */
  BUILDS,
  /** One-off runs that were asked for and are not over. */
  RUNS,
  /** What repositories, images and instances take of the disk, in bytes. */
  DISK;

  private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,8}");
  private static final Pattern SIZE = Pattern.compile("0|[1-9][0-9]{0,6}[KMGT]iB");

  /** The name in commands and answers. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Quota named(String name) {
    return Arrays.stream(values())
        .filter(quota -> quota.text().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                Problem.of(
                        Kind.IMPOSSIBLE,
                        "quota.unknown",
                        "There is no such quota",
                        name,
                        "There are "
                            + String.join(
                                ", ", List.of(values()).stream().map(Quota::text).toList())
                            + ".")
                    .asException());
  }

  /** An amount as people read it. */
  public String shown(long amount) {
    return isSize() ? size(amount) : Long.toString(amount);
  }

  private boolean isSize() {
    return this == MEMORY || this == DISK;
  }

  /** What is measured comes to odd numbers of bytes; from a mebibyte on, they are rounded up. */
  private static String size(long bytes) {
    long mebibyte = 1 << 20;
    long mebibytes = (bytes + mebibyte - 1) / mebibyte;
    return (bytes < mebibyte ? new DataSize(bytes) : DataSize.ofMebibytes(mebibytes)).toString();
  }

  /** What a person wrote; empty for {@code default}. */
  Optional<Long> amount(String written) {
    if (written.equals("default")) {
      return Optional.empty();
    }
    if (!(isSize() ? SIZE : NUMBER).matcher(written).matches()) {
      throw Problem.of(
              Kind.IMPOSSIBLE,
              "quota.bad-value",
              "The quota " + text() + " can't have this value",
              written,
              isSize()
                  ? "Write a size like 8GiB, 0, or default."
                  : "Write a number below a billion, or default.")
          .asException();
    }
    return Optional.of(isSize() ? DataSize.parse(written).bytes() : Long.parseLong(written));
  }

  long byDefault(PlatformSettings.Quota settings) {
    return switch (this) {
      case APPS -> settings.apps();
      case INSTANCES -> settings.instances();
      case MEMORY -> settings.memory().bytes();
      case BUILDS -> settings.builds();
      case RUNS -> settings.runs();
      case DISK -> settings.disk().bytes();
    };
  }

  /** Why more was refused. */
  Problem exhausted(String user, long limit, long wanted) {
    String value = shown(wanted) + " of " + shown(limit);
    String fix =
        "Use less, or ask an admin, who can raise it: paas quota " + user + " " + text() + "=…";
    return switch (this) {
      case APPS ->
          Problem.of(Kind.IMPOSSIBLE, "quota.apps", "You may have no more apps", value, fix);
      case INSTANCES ->
          Problem.of(
              Kind.IMPOSSIBLE, "quota.instances", "You may have no more instances", value, fix);
      case MEMORY ->
          Problem.of(
              Kind.IMPOSSIBLE,
              "quota.memory",
              "Your instances and runs may have no more memory",
              value,
              fix);
      case BUILDS ->
          Problem.of(
              Kind.IMPOSSIBLE, "quota.builds", "You may have no more builds under way", value, fix);
      case RUNS ->
          Problem.of(
              Kind.IMPOSSIBLE, "quota.runs", "You may have no more runs at once", value, fix);
      case DISK ->
          Problem.of(
              Kind.IMPOSSIBLE,
              "quota.disk",
              "Your apps may take no more of the disk",
              value,
              "Destroy an app, or make this smaller; or ask an admin, who can raise it: paas quota "
                  + user
                  + " disk=…");
    };
  }
}
