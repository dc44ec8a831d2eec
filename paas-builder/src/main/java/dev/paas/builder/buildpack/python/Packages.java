package dev.paas.builder.buildpack.python;

import dev.paas.base.settings.PlatformSettings;
import dev.paas.builder.source.SourceTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names of packages that the app gets, as far as its files say: direct ones from manifests, all
 * of them from lock files.
 */
final class Packages {

  /** A package in uv.lock and poetry.lock. */
  private static final Pattern TOML_NAME = Pattern.compile("(?m)^name = \"([^\"]{1,200})\"");

  /** A key in Pipfile.lock. */
  private static final Pattern JSON_NAME =
      Pattern.compile("(?m)^ {8}\"([A-Za-z0-9][A-Za-z0-9._-]{0,200})\": \\{");

  private Packages() {}

  static Set<String> of(
      SourceTree tree,
      Manifest project,
      Manifest pipfile,
      Requirements requirements,
      PlatformSettings.Planning limits)
      throws IOException {
    Set<String> names = new TreeSet<>(requirements.names());
    project.texts("project", "dependencies").forEach(one -> Requirements.add(names, one));
    project
        .names("tool", "poetry", "dependencies")
        .forEach(name -> names.add(Requirements.normal(name)));
    pipfile.names("packages").forEach(name -> names.add(Requirements.normal(name)));
    locked(names, tree, "uv.lock", TOML_NAME, limits);
    locked(names, tree, "poetry.lock", TOML_NAME, limits);
    locked(names, tree, "Pipfile.lock", JSON_NAME, limits);
    return names;
  }

  private static void locked(
      Set<String> names,
      SourceTree tree,
      String file,
      Pattern pattern,
      PlatformSettings.Planning limits)
      throws IOException {
    Matcher matcher = pattern.matcher(beginning(tree, file, limits));
    while (matcher.find()) {
      names.add(Requirements.normal(matcher.group(1)));
    }
  }

  /** The beginning of a file that is looked through: what is not text there is of no interest. */
  static String beginning(SourceTree tree, String path, PlatformSettings.Planning limits)
      throws IOException {
    Optional<SourceTree.Entry> entry = tree.find(path).filter(SourceTree.Entry::isFile);
    if (entry.isEmpty()) {
      return "";
    }
    try (InputStream in = entry.get().content().open()) {
      int most = (int) Math.min(limits.maxFile().bytes(), Integer.MAX_VALUE - 8);
      return new String(in.readNBytes(most), StandardCharsets.UTF_8);
    }
  }
}
