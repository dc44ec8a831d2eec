package dev.paas.api.image;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Somebody who looks at the images: sees the names of base images and those of apps that are open
 * to them. An image can have names of both kinds, because equal builds are one image.
 *
 * @param all sees every name
 * @param apps whose images may be seen
 */
record ImageViewer(boolean all, Set<String> apps) {

  /**
   * The name of a build's image, in full or not. What follows {@code apps/} is the app; a path of
   * more parts is no app's, and so nobody's but an admin's to see.
   */
  private static final Pattern OF_APP =
      Pattern.compile("(?:(?:index\\.)?docker\\.io/)?apps/([^:@]+)(?:[:@].*)?");

  ImageViewer {
    apps = Set.copyOf(apps);
  }

  /** The names that may be seen; none when the image may not be. */
  List<String> names(List<String> names) {
    return names.stream().filter(this::sees).toList();
  }

  private boolean sees(String name) {
    return all || app(name).map(apps::contains).orElse(true);
  }

  /** The app whose builds have this name; empty for a base image. */
  static Optional<String> app(String name) {
    Matcher matcher = OF_APP.matcher(name);
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }
}
