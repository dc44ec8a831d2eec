package dev.paas.builder.buildpack.node;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A package manager: the files that show that an app is made for it, and its commands. */
enum Manager {
  NPM("npm", "npm", "npm") {
    @Override
    List<String> install(boolean locked, boolean development) {
      return List.of(
          "npm", locked ? "ci" : "install", development ? "--include=dev" : "--omit=dev");
    }

    @Override
    Optional<List<String>> prune(String version) {
      return Optional.of(List.of("npm", "prune", "--omit=dev", "--ignore-scripts"));
    }

    @Override
    Map<String, String> settings() {
      return Map.of(
          "npm_config_cache", cache(),
          "npm_config_update_notifier", "false",
          "npm_config_fund", "false",
          "npm_config_audit", "false");
    }
  },

  /** Yarn 1, which is only kept alive. */
  YARN("yarn", "yarn", "yarn") {
    @Override
    List<String> install(boolean locked, boolean development) {
      return words(
          "yarn install --non-interactive --production=" + !development,
          locked ? "--frozen-lockfile" : "");
    }

    @Override
    Optional<List<String>> prune(String version) {
      return Optional.of(
          words(
              "yarn install --non-interactive --production=true --frozen-lockfile --ignore-scripts"
                  + " --prefer-offline"));
    }

    @Override
    Map<String, String> settings() {
      return Map.of("YARN_CACHE_FOLDER", cache());
    }
  },

  /** Yarn since version 2. */
  BERRY("yarn", "@yarnpkg/cli-dist", "yarn-berry") {
    @Override
    List<String> install(boolean locked, boolean development) {
      return words("yarn install", locked ? "--immutable" : "--no-immutable");
    }

    @Override
    Optional<List<String>> prune(String version) {
      // Before version 4 the command is in a plugin that few repositories have.
      return version.startsWith("2") || version.startsWith("3")
          ? Optional.empty()
          : Optional.of(words("yarn workspaces focus --all --production"));
    }

    @Override
    Map<String, String> settings() {
      // What Plug'n'Play loads at the start has to be in the image, not in a cache.
      return Map.of(
          "YARN_GLOBAL_FOLDER", cache(),
          "YARN_ENABLE_GLOBAL_CACHE", "false",
          "YARN_ENABLE_SCRIPTS", "true");
    }
  },

  PNPM("pnpm", "pnpm", "pnpm") {
    @Override
    List<String> install(boolean locked, boolean development) {
      return words(
          "pnpm install",
          locked ? "--frozen-lockfile" : "--no-frozen-lockfile",
          development ? "--prod=false" : "--prod");
    }

    @Override
    Optional<List<String>> prune(String version) {
      return Optional.of(
          words("pnpm install --frozen-lockfile --prod --ignore-scripts --prefer-offline"));
    }

    @Override
    Map<String, String> settings() {
      // Version 11 reads names of its own instead of npm's.
      return Map.of(
          "npm_config_store_dir",
          cache(),
          "pnpm_config_store_dir",
          cache(),
          "npm_config_cache_dir",
          cache() + "/metadata",
          "pnpm_config_cache_dir",
          cache() + "/metadata",
          "npm_config_update_notifier",
          "false",
          "pnpm_config_update_notifier",
          "false",
          "pnpm_config_confirm_modules_purge",
          "false",
          "npm_config_confirm_modules_purge",
          "false");
    }
  },

  BUN("bun", "bun", "bun") {
    @Override
    List<String> install(boolean locked, boolean development) {
      return words(
          "bun install", locked ? "--frozen-lockfile" : "", development ? "" : "--production");
    }

    @Override
    Optional<List<String>> prune(String version) {
      // It adds what is missing, and takes nothing away.
      return Optional.of(
          List.of(
              "/bin/sh",
              "-c",
              "rm -rf node_modules && exec bun install --frozen-lockfile --production"));
    }

    @Override
    Map<String, String> settings() {
      return Map.of("BUN_INSTALL_CACHE_DIR", cache());
    }
  };

  private final String program;
  private final String packageName;
  private final String cacheName;

  Manager(String program, String packageName, String cacheName) {
    this.program = program;
    this.packageName = packageName;
    this.cacheName = cacheName;
  }

  /** The name of its command, which an app also asks for it by. */
  String program() {
    return program;
  }

  /** The package of the registry that ships it. */
  String packageName() {
    return packageName;
  }

  /** What the folder that its downloads are kept in is called among the app's caches. */
  String cacheName() {
    return cacheName;
  }

  /** Where that folder is: directly in a home, whose owner may write beside it. */
  String cache() {
    return "/home/app/." + (this == NPM ? "npm" : cacheName + "-cache");
  }

  /** Its lock files, the one that it writes today first. */
  List<String> locks() {
    return switch (this) {
      case NPM -> List.of("package-lock.json", "npm-shrinkwrap.json");
      case YARN, BERRY -> List.of("yarn.lock");
      case PNPM -> List.of("pnpm-lock.yaml");
      case BUN -> List.of("bun.lock", "bun.lockb");
    };
  }

  /** Installs what the lock file says, or what the registry has now. */
  abstract List<String> install(boolean locked, boolean development);

  /** Takes away what only the build needed; empty when this version can't. */
  abstract Optional<List<String>> prune(String version);

  /** Variables that it reads. */
  abstract Map<String, String> settings();

  /** Variables that it reads when it starts the app, too. */
  Map<String, String> always() {
    return switch (this) {
      case NPM, YARN, BUN -> Map.of();
      case BERRY -> Map.of("YARN_ENABLE_TELEMETRY", "false");
      // The right version runs already; what was pruned is not missing, and an instance is no
      // place to install it.
      case PNPM ->
          Map.of(
              "pnpm_config_pm_on_fail", "ignore",
              "npm_config_verify_deps_before_run", "false",
              "pnpm_config_verify_deps_before_run", "false");
    };
  }

  /** Runs a script of package.json. */
  List<String> run(String script) {
    return List.of(program, "run", script);
  }

  /** Starts the app by its script. */
  List<String> start(String script) {
    return script.equals("start") && this != BUN ? List.of(program, "start") : run(script);
  }

  private static List<String> words(String... parts) {
    List<String> words = new ArrayList<>();
    for (String part : parts) {
      if (!part.isEmpty()) {
        words.addAll(List.of(part.split(" ")));
      }
    }
    return List.copyOf(words);
  }
}
