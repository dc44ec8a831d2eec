package dev.paas.builder.buildpack.go;

import dev.paas.base.settings.PlatformSettings;
import dev.paas.builder.source.SourceTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The programs of an app: the packages {@code main} in the root of a module and in the folders of
 * its {@code cmd}. It also notes whether the app itself calls C.
 */
final class MainPackages {

  private static final Pattern MAIN = Pattern.compile("(?m)^package main\\b");
  private static final Pattern CALLS_C = Pattern.compile("(?m)^(?:import\\s+|\\s+)\"C\"");

  /** Files of no program: they run in tests, or by hand. */
  private static final Pattern IGNORED = Pattern.compile("(?m)^//go:build ignore\\b");

  private final List<String> modules;
  private final PlatformSettings.Planning limits;
  private final Set<String> found = new TreeSet<>();
  private boolean callsC;

  private MainPackages(List<String> modules, PlatformSettings.Planning limits) {
    this.modules = modules;
    this.limits = limits;
  }

  /**
   * @param modules folders of the app's modules, {@code .} for the root
   */
  static MainPackages find(SourceTree tree, List<String> modules, PlatformSettings.Planning limits)
      throws IOException {
    MainPackages packages = new MainPackages(modules, limits);
    tree.forEach(packages::visit);
    return packages;
  }

  private void visit(SourceTree.Entry entry) throws IOException {
    String path = entry.path();
    if (!path.endsWith(".go") || path.endsWith("_test.go") || !entry.isFile()) {
      return;
    }
    int slash = path.lastIndexOf('/');
    String folder = slash < 0 ? "." : path.substring(0, slash);
    boolean candidate = isCandidate(folder) && !found.contains(folder);
    if (path.startsWith("vendor/") || (callsC && !candidate)) {
      return;
    }
    String text = beginning(entry);
    callsC |= CALLS_C.matcher(text).find();
    if (candidate && MAIN.matcher(text).find() && !IGNORED.matcher(text).find()) {
      found.add(folder);
    }
  }

  private boolean isCandidate(String folder) {
    for (String module : modules) {
      String prefix = module.equals(".") ? "" : module + "/";
      String rest = folder.startsWith(prefix) ? folder.substring(prefix.length()) : "?";
      if (folder.equals(module)
          || rest.equals("cmd")
          || (rest.startsWith("cmd/") && rest.indexOf('/', "cmd/".length()) < 0)) {
        return true;
      }
    }
    return false;
  }

  /** Of a file: what is looked for stands before the code. */
  private String beginning(SourceTree.Entry entry) throws IOException {
    int most = (int) Math.min(limits.maxFile().bytes(), 64 << 10);
    try (InputStream in = entry.content().open()) {
      return new String(in.readNBytes(most), StandardCharsets.UTF_8);
    }
  }

  /** Their folders. */
  Set<String> folders() {
    return Set.copyOf(found);
  }

  boolean callC() {
    return callsC;
  }
}
