package dev.paas.builder.buildpack.node;

import dev.paas.base.settings.PlatformSettings;
import dev.paas.builder.buildpack.nginx.Routing;
import dev.paas.builder.plan.SourceFiles;
import dev.paas.builder.source.SourceTree;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** What frameworks make of an app when it is built, known by the packages that it depends on. */
final class Framework {

  /**
   * A build that makes files for browsers and no server.
   *
   * @param dependency the package that shows it
   * @param folders where the files may be, the likeliest first; {@code *} is any folder
   * @param routing what is answered for other paths
   */
  record Site(String dependency, List<String> folders, Routing routing) {}

  /** Of several that fit the first counts: most of them build with Vite, and say more than it. */
  private static final List<Site> SITES =
      List.of(
          new Site("@sveltejs/adapter-static", List.of("build"), Routing.SINGLE_PAGE),
          new Site("astro", List.of("dist"), Routing.PAGES),
          new Site("gatsby", List.of("public"), Routing.PAGES),
          new Site("@docusaurus/core", List.of("build"), Routing.PAGES),
          new Site("@11ty/eleventy", List.of("_site"), Routing.PAGES),
          new Site(
              "@angular/core",
              List.of("dist/*/browser", "dist/browser", "dist/*", "dist"),
              Routing.SINGLE_PAGE),
          new Site("@vue/cli-service", List.of("dist"), Routing.SINGLE_PAGE),
          new Site("react-scripts", List.of("build"), Routing.SINGLE_PAGE),
          new Site("@remix-run/dev", List.of("build/client"), Routing.SINGLE_PAGE),
          new Site("@react-router/dev", List.of("build/client"), Routing.SINGLE_PAGE),
          new Site("preact-cli", List.of("build"), Routing.SINGLE_PAGE),
          new Site("@rsbuild/core", List.of("dist"), Routing.SINGLE_PAGE),
          new Site("parcel", List.of("dist"), Routing.SINGLE_PAGE),
          new Site("vite", List.of("dist", "build", "out"), Routing.SINGLE_PAGE));

  private static final Site NEXT_EXPORT = new Site("next", List.of("out"), Routing.PAGES);

  private static final Site NUXT_GENERATED =
      new Site("nuxt", List.of(".output/public", "dist"), Routing.SINGLE_PAGE);

  private static final String NEXT = "next";
  private static final String NUXT = "nuxt";
  private static final String NITRO = ".output/server/index.mjs";

  /** How the servers that builds make are started, by the package that shows it. */
  private static final List<Map.Entry<String, List<String>>> SERVERS =
      List.of(
          Map.entry(NEXT, List.of("next", "start")),
          Map.entry(NUXT, List.of("node", NITRO)),
          Map.entry("@sveltejs/adapter-node", List.of("node", "build")),
          Map.entry("@astrojs/node", List.of("node", "dist/server/entry.mjs")),
          Map.entry("@remix-run/serve", List.of("remix-serve", "build/server/index.js")),
          Map.entry("@react-router/serve", List.of("react-router-serve", "build/server/index.js")),
          Map.entry("@tanstack/react-start", List.of("node", NITRO)),
          Map.entry("@solidjs/start", List.of("node", NITRO)),
          Map.entry("vinxi", List.of("node", NITRO)),
          Map.entry("@nestjs/core", List.of("node", "dist/main.js")));

  /** With these there is a server whose start is not known here; a script has to say it. */
  private static final List<String> OTHER_SERVERS =
      List.of("@angular/ssr", "@sveltejs/kit", "@astrojs/vercel", "@astrojs/netlify");

  private static final List<String> NEXT_SETTINGS =
      List.of("next.config.js", "next.config.mjs", "next.config.ts", "next.config.cjs");

  private static final Pattern EXPORT = Pattern.compile("\\boutput\\s*:\\s*[\"'`]export[\"'`]");

  private Framework() {}

  /** The site that the app's build makes, if it makes no server. */
  static Optional<Site> site(PackageJson json, SourceTree tree, PlatformSettings.Planning limits)
      throws IOException {
    if (json.buildScript().isEmpty()) {
      return Optional.empty();
    }
    if (json.dependsOn(NEXT)) {
      return exports(tree, limits) ? Optional.of(NEXT_EXPORT) : Optional.empty();
    }
    if (json.dependsOn(NUXT)) {
      return json.script(json.buildScript()).contains("generate")
          ? Optional.of(NUXT_GENERATED)
          : Optional.empty();
    }
    Optional<Site> site = SITES.stream().filter(s -> json.dependsOn(s.dependency())).findFirst();
    boolean plainSvelte = site.filter(s -> s.dependency().startsWith("@sveltejs/")).isPresent();
    boolean hasServer =
        server(json).isPresent() || OTHER_SERVERS.stream().anyMatch(json::dependsOn);
    return hasServer && !plainSvelte ? Optional.empty() : site;
  }

  private static boolean exports(SourceTree tree, PlatformSettings.Planning limits)
      throws IOException {
    for (String file : NEXT_SETTINGS) {
      if (EXPORT.matcher(SourceFiles.text(tree, file, limits).orElse("")).find()) {
        return true;
      }
    }
    return false;
  }

  /** How the server that the app's build makes is started. */
  static Optional<List<String>> server(PackageJson json) {
    return SERVERS.stream()
        .filter(server -> json.dependsOn(server.getKey()))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /** Folders in which its build keeps what the next one is faster with. */
  static List<String> caches(PackageJson json) {
    return json.dependsOn(NEXT) ? List.of(".next/cache") : List.of();
  }

  /** Variables without which its server listens to nobody outside. */
  static Map<String, String> variables(PackageJson json) {
    return json.dependsOn("@astrojs/node") ? Map.of("HOST", "0.0.0.0") : Map.of();
  }
}
