package dev.paas.builder.buildpack.node;

import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.builder.source.SourceTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The package manager that an app is made for: the one that it names, else the one whose lock file
 * it has, else the one that its engines name, else npm.
 *
 * @param version of the manager, as the registry understands it; empty for the stack's own
 * @param lock its lock file; empty when there is none
 * @param ignored lock files of others, which do not count because the app names its manager
 * @param plugNPlay it installs no node_modules, and programs find their modules through it
 */
record ManagerChoice(
    Manager manager, String version, String lock, List<String> ignored, boolean plugNPlay) {

  /** {@code name@version}, perhaps with a checksum behind {@code +}. */
  private static final Pattern ASKED =
      Pattern.compile(
          "([a-z]{1,20})@v?(\\d{1,6}(?:\\.\\d{1,6}){0,2}(?:-[0-9A-Za-z.-]{1,40})?)(?:\\+.*)?");

  /** A range of engines that says which version to take, and not only which are too old. */
  private static final Pattern CLOSE = Pattern.compile("[~^=v]{0,2}\\d[0-9xX.*]{0,20}");

  private static final Pattern PNPM_LOCK = Pattern.compile("lockfileVersion: *'?(\\d{1,3})");
  private static final Pattern BERRY_LOCK = Pattern.compile("__metadata:\\s+version: *(\\d{1,3})");

  private static final Pattern LINKER =
      Pattern.compile("(?m)^nodeLinker: *[\"']?(node-modules|pnpm)\\b");

  /** Lock files say what wrote them in their first lines, within so many bytes. */
  private static final int HEAD = 4096;

  private static final String BERRY_SETTINGS = ".yarnrc.yml";
  private static final String PNPM_WORKSPACE = "pnpm-workspace.yaml";

  static ManagerChoice of(PackageJson json, SourceTree tree) throws IOException {
    List<String> locks = new ArrayList<>();
    List<Manager> owners = new ArrayList<>();
    for (Manager manager : Manager.values()) {
      for (String lock : manager.locks()) {
        if (tree.find(lock).isPresent() && !locks.contains(lock)) {
          locks.add(lock);
          owners.add(manager);
        }
      }
    }
    if (!json.packageManager().isEmpty()) {
      return asked(json.packageManager(), locks).linking(tree);
    }
    long programs = owners.stream().map(Manager::program).distinct().count();
    if (programs > 1) {
      throw Problem.of(
              Kind.INVALID,
              "node.two-lock-files",
              "The repository has lock files of several package managers",
              String.join(", ", locks),
              "Remove those of the managers that you do not use, or name yours in package.json,"
                  + " e.g. \"packageManager\": \"pnpm@9.15.0\".")
          .asException();
    }
    Manager manager = owners.isEmpty() ? byEngines(json, tree) : owners.get(0);
    if (manager == Manager.YARN && isBerry(tree)) {
      manager = Manager.BERRY;
    }
    String lock = locks.isEmpty() ? "" : locks.get(0);
    String version = version(manager, lock, json, tree);
    return new ManagerChoice(manager, version, lock, List.of(), false).linking(tree);
  }

  /** True when there is a lock file to follow. */
  boolean locked() {
    return !lock.isEmpty();
  }

  private ManagerChoice linking(SourceTree tree) throws IOException {
    boolean modules = LINKER.matcher(head(tree, BERRY_SETTINGS)).find();
    return new ManagerChoice(manager, version, lock, ignored, manager == Manager.BERRY && !modules);
  }

  private static ManagerChoice asked(String asked, List<String> locks) {
    Matcher matcher = ASKED.matcher(asked.toLowerCase(Locale.ROOT));
    Manager manager = matcher.matches() ? named(matcher.group(1), matcher.group(2)) : null;
    if (manager == null) {
      throw bad(asked);
    }
    List<String> own = new ArrayList<>(manager.locks());
    own.retainAll(locks);
    List<String> others = new ArrayList<>(locks);
    others.removeAll(own);
    return new ManagerChoice(
        manager, matcher.group(2), own.isEmpty() ? "" : own.get(0), List.copyOf(others), false);
  }

  private static @Nullable Manager named(String name, String version) {
    return switch (name) {
      case "npm" -> Manager.NPM;
      case "yarn" ->
          version.startsWith("0.") || version.matches("1(\\..*)?") ? Manager.YARN : Manager.BERRY;
      case "pnpm" -> Manager.PNPM;
      case "bun" -> Manager.BUN;
      default -> null;
    };
  }

  private static PaasException bad(String asked) {
    return Problem.of(
            Kind.INVALID,
            "node.bad-package-manager",
            "package.json names a packageManager that is not known, or no version of it",
            asked,
            "Write npm, yarn, pnpm or bun, an @ and a version, e.g. \"pnpm@9.15.0\".")
        .asException();
  }

  private static Manager byEngines(PackageJson json, SourceTree tree) throws IOException {
    if (tree.find(PNPM_WORKSPACE).isPresent() || !json.engine("pnpm").isEmpty()) {
      return Manager.PNPM;
    }
    if (tree.find(BERRY_SETTINGS).isPresent() || !json.engine("yarn").isEmpty()) {
      return Manager.YARN;
    }
    boolean onlyBun = !json.engine("bun").isEmpty() && json.engine("node").isEmpty();
    return onlyBun ? Manager.BUN : Manager.NPM;
  }

  private static boolean isBerry(SourceTree tree) throws IOException {
    String head = head(tree, "yarn.lock");
    return head.isEmpty()
        ? tree.find(BERRY_SETTINGS).isPresent()
        : BERRY_LOCK.matcher(head).find() || !head.contains("# yarn lockfile v1");
  }

  /**
   * The version that understands the lock file, and writes it the same way; an app that names none
   * gets the newest of those.
   */
  private static String version(Manager manager, String lock, PackageJson json, SourceTree tree)
      throws IOException {
    String engine = json.engine(manager.program()).replace(" ", "");
    boolean close = CLOSE.matcher(engine).matches();
    return switch (manager) {
      case NPM -> "";
      case YARN -> "1";
      case BERRY -> berry(head(tree, lock));
      case PNPM -> close ? engine : pnpm(head(tree, lock), head(tree, PNPM_WORKSPACE));
      case BUN -> close ? engine : "1";
    };
  }

  /** A later version wants to write the file anew, which a frozen installation forbids. */
  private static String berry(String lock) {
    return switch (number(BERRY_LOCK, lock)) {
      case 1, 2, 3, 4 -> "2";
      case 5 -> "3.1";
      case 6, 7 -> "3";
      case 8 -> "4.12";
      case 9 -> "4.14";
      default -> "4";
    };
  }

  private static String pnpm(String lock, String workspace) {
    int format = number(PNPM_LOCK, lock);
    if (format > 9) {
      return "latest";
    }
    if (format == 9 || format == 0) {
      // Both write this format; a file with settings but no packages is an error for version 9.
      boolean settingsOnly = !workspace.isEmpty() && !workspace.contains("packages:");
      return settingsOnly || format == 0 ? "10" : "9";
    }
    return format == 6 ? "8" : format == 5 ? "7" : "6";
  }

  private static int number(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
  }

  private static String head(SourceTree tree, String path) throws IOException {
    Optional<SourceTree.Entry> entry = path.isEmpty() ? Optional.empty() : tree.find(path);
    if (entry.isEmpty() || !entry.get().isFile()) {
      return "";
    }
    try (InputStream in = entry.get().content().open()) {
      return new String(in.readNBytes(HEAD), StandardCharsets.ISO_8859_1);
    }
  }
}
