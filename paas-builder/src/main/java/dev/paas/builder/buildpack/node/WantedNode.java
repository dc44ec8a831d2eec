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
  private static final String PREFIX = "/opt/paas/node";

  /** Comes before the stack's in the search path. */
  static final String PROGRAMS = PREFIX + "/bin";

  /**
   * Installs the highest version of a range ($1), and lists those that there are when none fits.
   * npm 10, the stack's, runs on Node 18 and later: what is older gets an older npm beside it.
   */
  private static final String INSTALL =
      """
      package=node-linux-$(node -p process.arch)
      if ! npm view "$package@$1" version --json 2>/tmp/node-error >/tmp/node-found; then
        cat /tmp/node-error >&2
        exit 1
      fi
      if [ ! -s /tmp/node-found ]; then
        echo "There is no Node $1 ($2 asks for it). There are:" >&2
        npm view "$package" versions --json | node -e '
          const lines = new Map();
          for (const v of JSON.parse(require("fs").readFileSync(0, "utf8"))) {
            const part = v.split(".");
            if (part[0] < 14 || v.includes("-")) continue;
            lines.set(part[0], [...(lines.get(part[0]) || []), v]);
          }
          for (const all of lines.values()) console.error("  " + all.slice(-8).join(" "));'
        echo "Ask for one of them, or for a range such as 22.x." >&2
        exit 1
      fi
      rm -f /tmp/node-error /tmp/node-found
      npm install --global --prefix %1$s --no-audit --no-fund --loglevel=error "$package@$1"
      major=$(%1$s/bin/node -p 'process.versions.node.split(".")[0]')
      if [ "$major" -lt 18 ]; then
        older=6
        if [ "$major" -ge 14 ]; then older=8; fi
        npm install --global --prefix %1$s --no-audit --no-fund --loglevel=error "npm@$older"
      fi
      echo "Node $(%1$s/bin/node --version)"
      """
          .formatted(PREFIX);

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
    return List.of("/bin/sh", "-eu", "-c", INSTALL, "node", range, origin);
  }
}
