package dev.paas.builder.buildpack.go;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What go.mod or go.work says.
 *
 * @param module its path; empty in a workspace
 * @param version of Go that it needs at least, the higher of its lines {@code go} and {@code
 *     toolchain}; empty when it does not say
 * @param uses folders of a workspace's modules, {@code .} for the root
 * @param installs packages of a comment {@code // +heroku install}
 */
record GoFile(String module, String version, List<String> uses, List<String> installs) {

  static final String MODULE = "go.mod";
  static final String WORKSPACE = "go.work";

  private static final Pattern VERSION =
      Pattern.compile("(\\d{1,4})\\.(\\d{1,4})(?:\\.(\\d{1,4}))?.*");

  /** A package or a folder that may be a word of a command. */
  private static final Pattern PATH = Pattern.compile("[A-Za-z0-9_.][A-Za-z0-9_./~-]{0,500}");

  GoFile {
    uses = List.copyOf(uses);
    installs = List.copyOf(installs);
  }

  static GoFile parse(String name, String text) {
    String module = "";
    String version = "";
    List<String> uses = new ArrayList<>();
    List<String> installs = new ArrayList<>();
    boolean inUse = false;
    for (String raw : text.split("\r?\n", -1)) {
      String line = raw.strip();
      if (line.startsWith("// +heroku install ")) {
        for (String word : line.substring("// +heroku install ".length()).strip().split(" +")) {
          installs.add(path(name, word));
        }
      }
      List<String> words = words(line);
      if (words.isEmpty()) {
        continue;
      }
      String verb = words.get(0);
      String rest = words.size() > 1 ? words.get(1) : "";
      if (inUse) {
        inUse = !verb.equals(")");
        if (inUse) {
          uses.add(path(name, verb));
        }
      } else if (verb.equals("use")) {
        inUse = rest.equals("(");
        if (!inUse) {
          uses.add(path(name, rest));
        }
      } else if (verb.equals("module")) {
        module = rest;
      } else if (verb.equals("go") || verb.equals("toolchain")) {
        version = higher(version, rest.startsWith("go") ? rest.substring(2) : rest);
      }
    }
    return new GoFile(module, version, uses, installs);
  }

  private static List<String> words(String line) {
    int comment = line.indexOf("//");
    String code = (comment < 0 ? line : line.substring(0, comment)).strip();
    List<String> words = new ArrayList<>();
    for (String word : code.split("\\s+")) {
      if (!word.isEmpty()) {
        words.add(word.replace("\"", "").replace("`", ""));
      }
    }
    return words;
  }

  /** Without {@code ./} in front, so that it is a path of the repository. */
  private static String path(String name, String written) {
    String path = written.startsWith("./") ? written.substring(2) : written;
    path = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    path = path.isEmpty() ? "." : path;
    if (!PATH.matcher(path).matches() || List.of(path.split("/")).contains("..")) {
      throw Problem.of(
              Kind.INVALID,
              "go.bad-path",
              name + " names a folder that is not one of the repository",
              written,
              "Write a path below the root, like ./cmd/web.")
          .asException();
    }
    return path;
  }

  /** The higher of two versions; one that is not understood, like {@code default}, is the lower. */
  static String higher(String one, String other) {
    return compare(one, other) >= 0 ? one : other;
  }

  /** As {@link java.util.Comparator#compare}. */
  static int compare(String one, String other) {
    return Arrays.compare(numbers(one), numbers(other));
  }

  private static int[] numbers(String version) {
    Matcher matcher = VERSION.matcher(version);
    if (!matcher.matches()) {
      return new int[0];
    }
    String patch = matcher.group(3);
    return new int[] {
      Integer.parseInt(matcher.group(1)),
      Integer.parseInt(matcher.group(2)),
      patch == null ? 0 : Integer.parseInt(patch)
    };
  }

  /** The name that Go gives to the binary of the package in a module's root. */
  String binary() {
    String[] parts = module.split("/");
    String last = parts[parts.length - 1];
    boolean major = last.matches("v\\d{1,6}") && parts.length > 1;
    String name = major ? parts[parts.length - 2] : last;
    return name.matches("[A-Za-z0-9_][A-Za-z0-9_.-]{0,100}") ? name : "app";
  }
}
