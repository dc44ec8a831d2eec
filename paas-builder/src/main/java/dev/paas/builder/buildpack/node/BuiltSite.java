package dev.paas.builder.buildpack.node;

import dev.paas.base.name.PathPattern;
import dev.paas.builder.buildpack.nginx.Nginx;
import dev.paas.builder.buildpack.node.Framework.Site;
import dev.paas.builder.plan.Graph;
import dev.paas.contract.runtime.CopyOp;
import java.util.ArrayList;
import java.util.List;

/** The files that a build made, in an image that has nothing of the build. */
final class BuiltSite {

  /** Where they are gathered, in the folder of the app. */
  private static final String GATHERED = ".paas-site";

  /**
   * Copies the first of the folders that has a page, without hidden files. A server derives a
   * file's ETag from its time and size: so the time is made from the content, and a build that
   * makes the same file leaves browsers the one that they have.
   */
  private static final String GATHER =
      """
      const fs = require("fs"), path = require("path"), crypto = require("crypto");
      const [to, ...wanted] = process.argv.slice(1);
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

  private BuiltSite() {}

  /**
   * The image's root filesystem.
   *
   * @param built the node of the graph after the build
   */
  static String image(Graph graph, NodeSteps steps, String stack, String built, Site site) {
    List<String> argv = new ArrayList<>(List.of("node", "-e", GATHER, GATHERED));
    argv.addAll(site.folders());
    String gathered = steps.own("Gathering what was built", built, argv);
    String server = Nginx.configured(graph, stack, site.routing(), true);
    return graph.copy(
        "Copying the site",
        CopyOp.newBuilder()
            .setInput(server)
            .setFrom(gathered)
            .addSources(PathPattern.quote("app/" + GATHERED))
            .setDestination(Nginx.ROOT)
            .setOwner("0:0"));
  }
}
