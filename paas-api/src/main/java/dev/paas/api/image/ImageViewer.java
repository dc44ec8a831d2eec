package dev.paas.api.image;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Somebody who looks at the images: sees the names of base images, those of apps that are open to
 * them, and what they loaded. An image can have names of all kinds, because equal builds are one
 * image. What a user loads is kept as {@code users/<user>/…}, which no registry has, and is to its
 * user {@code <user>/…}.
 *
 * @param all sees every name
 * @param user the user's name
 * @param apps whose images may be seen
 */
record ImageViewer(boolean all, String user, Set<String> apps) {

  /**
   * The name of a build's image, in full or not. What follows {@code apps/} is the app; a path of
   * more parts is no app's, and so nobody's but an admin's to see.
   */
  private static final Pattern OF_APP =
      Pattern.compile("(?:(?:index\\.)?docker\\.io/)?apps/([^:@]+)(?:[:@].*)?");

  private static final String USERS = "users/";

  private static final Pattern OF_USER =
      Pattern.compile("(?:(?:index\\.)?docker\\.io/)?users/(([^/:@]+).*)");

  ImageViewer {
    apps = Set.copyOf(apps);
  }

  /** The names that may be seen; none when the image may not be. */
  List<String> names(List<String> names) {
    return names.stream().filter(this::sees).map(this::shown).toList();
  }

  private boolean sees(String name) {
    Matcher loaded = OF_USER.matcher(name);
    return all
        || (loaded.matches()
            ? loaded.group(2).equals(user)
            : app(name).map(apps::contains).orElse(true));
  }

  private String shown(String name) {
    Matcher loaded = OF_USER.matcher(name);
    return !all && loaded.matches() ? loaded.group(1) : name;
  }

  /** The name in the store that this one means when the user writes it. */
  String stored(String name) {
    return !all && name.startsWith(user + "/") ? USERS + name : name;
  }

  /** Whether a name is one of what the user loads. */
  boolean owns(String name) {
    return stored(name).startsWith(USERS + user + "/");
  }

  /**
   * Whether it may be told since when an image is here. Somebody else may have built or loaded the
   * same before: when, is theirs to know.
   *
   * @param names all that the image has
   */
  boolean mayKnowWhen(List<String> names) {
    boolean everybodys =
        names.stream().anyMatch(name -> app(name).isEmpty() && !OF_USER.matcher(name).matches());
    return all || everybodys || names.stream().allMatch(this::sees);
  }

  /** The app whose builds have this name; empty for a base image. */
  static Optional<String> app(String name) {
    Matcher matcher = OF_APP.matcher(name);
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }
}
