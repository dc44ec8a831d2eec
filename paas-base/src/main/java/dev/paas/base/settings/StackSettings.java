package dev.paas.base.settings;

import java.util.List;

/**
 * The images on which the buildpacks of languages build and run, beside {@code build.stack}. Where
 * a language has two, compilers and headers are only in the one that builds.
 *
 * @param python what Python apps run on
 * @param pythonBuild what their packages are installed on
 * @param go what the binary of a Go app runs in
 * @param goBuild what it is compiled on
 */
public record StackSettings(String python, String pythonBuild, String go, String goBuild) {

  /** All of them: whoever may build may use them, and they count to nobody's disk. */
  public List<String> all() {
    return List.of(python, pythonBuild, go, goBuild);
  }
}
