package dev.paas.builder.buildpack.node;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.builder.plan.SourceFiles;
import dev.paas.builder.source.SourceTree;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The version of Node that an app is made for: what {@code engines.node} says, else .nvmrc, else
 * .node-version. The stack's own is used when it fits, and any other comes from the registry.
 *
 * @param range of versions; empty when the app does not say
 * @param origin the file that says so
 */
record WantedNode(String range, String origin) {

  private static final List<String> FILES = List.of(".nvmrc", ".node-version");

  /** Words for which the stack's version is as good as any. */
  private static final List<String> ANY =
      List.of("", "*", "x", "lts/*", "node", "latest", "stable");

  private static final Map<String, String> LINES =
      Map.of(
          "fermium", "14",
          "gallium", "16",
          "hydrogen", "18",
          "iron", "20",
          "jod", "22",
          "krypton", "24");

  private static final Pattern RANGE = Pattern.compile("[0-9xX*v.^~<>=| -]{1,200}");

  /** Where a Node other than the stack's is. */
  static final String PREFIX = "/opt/paas/node";

  /**
   * What the app asks for.
   *
   * @throws dev.paas.base.problem.PaasException {@code node.bad-version} when it is no range
   */
  static WantedNode of(PackageJson json, SourceTree tree, PlatformSettings.Planning limits)
      throws IOException {
    if (!json.engine("node").isEmpty()) {
      return checked(json.engine("node"), PackageJson.NAME);
    }
    for (String file : FILES) {
      Optional<String> text = SourceFiles.text(tree, file, limits);
      String first = text.flatMap(t -> t.lines().findFirst()).orElse("").strip();
      if (!first.isEmpty()) {
        return checked(first, file);
      }
    }
    return new WantedNode("", "");
  }

  private static WantedNode checked(String written, String origin) {
    String word = written.toLowerCase(Locale.ROOT);
    if (ANY.contains(word)) {
      return new WantedNode("", origin);
    }
    String line = word.startsWith("lts/") ? LINES.getOrDefault(word.substring(4), word) : word;
    if (!RANGE.matcher(line).matches()) {
      throw Problem.of(
              Kind.INVALID,
              "node.bad-version",
              origin + " asks for a version of Node that is none",
              written,
              "Write a version or a range, e.g. 22.x or >=20.")
          .asException();
    }
    return new WantedNode(line, origin);
  }

  /** Whether this version will do. */
  boolean takes(String version) {
    return range.isEmpty() || VersionRange.contains(range, version).orElse(false);
  }

  /** The command that installs another one. */
  List<String> install() {
    return List.of("/bin/sh", Tools.NODE, range, origin);
  }
}
