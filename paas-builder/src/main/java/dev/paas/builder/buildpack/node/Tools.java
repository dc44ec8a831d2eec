package dev.paas.builder.buildpack.node;

import dev.paas.builder.plan.Graph;
import dev.paas.builder.source.GeneratedTree;
import dev.paas.contract.runtime.CopyOp;
import java.util.Map;

/** Programs of ours that steps of a Node build run: a step that fails shows its short command. */
final class Tools {

  private static final String FOLDER = "/opt/paas/build";

  /** Runs a command that follows a lock file: the file, the manager, the command. */
  static final String LOCKED = FOLDER + "/locked";

  /** Installs Node: a range of versions, and what asks for it. */
  static final String NODE = FOLDER + "/node";

  /** Gathers a site: a folder to make, and where the site may be. */
  static final String SITE = FOLDER + "/site.js";

  private static final String RUN_LOCKED =
      """
      lock=$1 manager=$2
      shift 2
      "$@" || {
        code=$?
        echo "If $lock does not fit package.json: run $manager install and commit the file." >&2
        exit "$code"
      }
      """;

  /**
   * Installs the highest version of a range ($1), and lists those that there are when none fits.
   * Newer ones need a library that the stack does not have. npm 10, the stack's, runs on Node 18
   * and later: what is older gets an older npm beside it.
   */
  private static final String INSTALL =
      """
      set -eu
      export npm_config_update_notifier=false
      package=node-linux-$(node -p process.arch)
      if [ -z "$(npm view "$package@$1" version 2>/dev/null)" ]; then
        all=$(npm view "$package" versions --json)
        echo "There is no Node $1, which $2 asks for. There are:" >&2
        echo "$all" | node -e '
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
      npm install --global --prefix %1$s --no-audit --no-fund --loglevel=error "$package@$1"
      if ! %1$s/bin/node --version >/dev/null 2>&1; then
        apt-get update -qq
        apt-get install -qq -y --no-install-recommends libatomic1
        rm -rf /var/lib/apt/lists/*
      fi
      major=$(%1$s/bin/node -p 'process.versions.node.split(".")[0]')
      if [ "$major" -lt 18 ]; then
        older=6
        if [ "$major" -ge 14 ]; then older=8; fi
        npm install --global --prefix %1$s --no-audit --no-fund --loglevel=error "npm@$older"
      fi
      echo "Node $(%1$s/bin/node --version)"
      """
          .formatted(WantedNode.PREFIX);

  /**
   * Copies the first of the folders that has a page, without hidden files. A server derives a
   * file's ETag from its time and size: so the time is made from the content, and a build that
   * makes the same file leaves browsers the one that they have.
   */
  private static final String GATHER =
      """
      const fs = require("fs"), path = require("path"), crypto = require("crypto");
      const [to, ...wanted] = process.argv.slice(2);
      const subfolders = (folder) => fs.existsSync(folder)
        ? fs.readdirSync(folder, { withFileTypes: true }).filter((e) => e.isDirectory()).map((e) => e.name).sort()
        : [];
      const expanded = (pattern) => {
        let found = [""];
        for (const name of pattern.split("/")) {
          found = found.flatMap((f) => name === "*" ? subfolders(f).map((s) => path.join(f, s)) : [path.join(f, name)]);
        }
        return found;
      };
      const from = wanted.flatMap(expanded).find((folder) => fs.existsSync(path.join(folder, "index.html")));
      if (!from) {
        console.error("The build has made no index.html in " + wanted.join(", ") + ".");
        console.error("Let it write there, or add a Procfile with a web: line that serves what it makes.");
        process.exit(1);
      }
      let files = 0, bytes = 0;
      const copy = (source, target) => {
        fs.mkdirSync(target, { recursive: true });
        for (const name of fs.readdirSync(source)) {
          const a = path.join(source, name), b = path.join(target, name);
          if (name.startsWith(".") && name !== ".well-known") continue;
          if (fs.statSync(a).isDirectory()) {
            copy(a, b);
            continue;
          }
          const content = fs.readFileSync(a);
          fs.writeFileSync(b, content);
          const hash = crypto.createHash("sha256").update(content).digest("hex");
          const time = 946684800 + parseInt(hash.slice(0, 7), 16);
          fs.utimesSync(b, time, time);
          files++;
          bytes += content.length;
        }
      };
      copy(from, to);
      console.log(from + " is served: " + files + " files, " + Math.ceil(bytes / 1024) + " KiB");
      """;

  private Tools() {}

  /** The input with the programs in it. */
  static String added(Graph graph, String input) {
    GeneratedTree tools =
        GeneratedTree.of(Map.of("locked", RUN_LOCKED, "node", INSTALL, "site.js", GATHER));
    return graph.copy(
        "Adding tools of the build",
        CopyOp.newBuilder()
            .setInput(input)
            .setFrom(graph.tree(tools, ""))
            .addSources(".")
            .setDestination(FOLDER + "/"));
  }
}
