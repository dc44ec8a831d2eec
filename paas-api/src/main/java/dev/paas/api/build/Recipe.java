package dev.paas.api.build;

/**
 * What a build is made with, beside the files.
 *
 * @param settings how it is built
 * @param vars the version of the app's build vars and secrets; 0 for none
 */
public record Recipe(BuildSettings settings, int vars) {

  /** What an app has before anybody sets anything. */
  public static final Recipe NONE = new Recipe(BuildSettings.NONE, 0);

  /** Whether equal files come to equal images with both. */
  public boolean buildsAs(Recipe other) {
    return vars == other.vars && settings.buildsAs(other.settings);
  }
}
