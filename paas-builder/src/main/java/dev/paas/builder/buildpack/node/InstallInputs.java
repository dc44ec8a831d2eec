package dev.paas.builder.buildpack.node;

import dev.paas.base.problem.PaasException;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.builder.plan.SourceFiles;
import dev.paas.builder.source.SourceTree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The files of an app that its installation reads: while these stay the same, so does what was
 * installed.
 *
 * @param sources patterns of paths; empty when the installation may read any file
 * @param folders whether some of them are not directly in the root
 * @param workspaces whether folders of the repository are packages of their own
 */
record InstallInputs(List<String> sources, boolean folders, boolean workspaces) {

  private static final List<String> FILES =
      List.of(
          PackageJson.NAME,
          "package-lock.json",
          "npm-shrinkwrap.json",
          ".npmrc",
          "yarn.lock",
          ".yarnrc",
          ".yarnrc.yml",
          "pnpm-lock.yaml",
          "pnpm-workspace.yaml",
          ".pnpmfile.cjs",
          "bun.lock",
          "bun.lockb",
          "bunfig.toml");

  /** Yarn's own files, patches of packages, and what Prisma's client is generated from. */
  private static final List<String> FOLDERS = List.of(".yarn", "patches", "prisma");

  /**
   * A repository with more packages than this gets whole into the installation; so does one whose
   * manifests are together larger than planning.max-file.
   */
  private static final int MAX_PACKAGES = 500;

  static InstallInputs of(PackageJson json, SourceTree source, PlatformSettings.Planning limits)
      throws IOException {
    boolean workspaces = json.hasWorkspaces() || source.find("pnpm-workspace.yaml").isPresent();
    if (json.needsWholeTree() || (workspaces && packagesNeedWholeTree(source, limits))) {
      return new InstallInputs(List.of(), false, workspaces);
    }
    List<String> sources = new ArrayList<>();
    for (String file : FILES) {
      if (source.find(file).isPresent()) {
        sources.add(file);
      }
    }
    boolean folders = workspaces;
    for (String folder : FOLDERS) {
      if (source.hasDirectory(folder)) {
        sources.add(folder);
        folders = true;
      }
    }
    if (workspaces) {
      sources.add("**/" + PackageJson.NAME);
    }
    return new InstallInputs(List.copyOf(sources), folders, workspaces);
  }

  boolean wholeTree() {
    return sources.isEmpty();
  }

  /** Whether a package of the repository runs scripts when it is installed, or brings programs. */
  private static boolean packagesNeedWholeTree(SourceTree source, PlatformSettings.Planning limits)
      throws IOException {
    List<String> manifests = new ArrayList<>();
    long[] bytes = {0};
    source.forEach(
        entry -> {
          if (entry.path().endsWith("/" + PackageJson.NAME)
              && manifests.size() <= MAX_PACKAGES
              && bytes[0] <= limits.maxFile().bytes()) {
            manifests.add(entry.path());
            bytes[0] += entry.isFile() ? entry.content().size() : 0;
          }
        });
    if (manifests.size() > MAX_PACKAGES || bytes[0] > limits.maxFile().bytes()) {
      return true;
    }
    for (String path : manifests) {
      try {
        PackageJson json = PackageJson.parse(SourceFiles.text(source, path, limits).orElse("{}"));
        if (json.needsWholeTree() || json.hasPrograms()) {
          return true;
        }
      } catch (PaasException unreadable) {
        // Perhaps the data of a test: whoever installs says what is wrong with it, if it matters.
        return true;
      }
    }
    return false;
  }
}
