package dev.paas.builder.buildpack.python;

import dev.paas.base.settings.PlatformSettings;
import dev.paas.builder.plan.SourceFiles;
import dev.paas.builder.source.SourceTree;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What requirements.txt and the files that it includes say.
 *
 * @param files all of them, which the installation reads
 * @param names the packages, see {@link #normal}
 * @param local one is a folder or a file of the repository
 */
record Requirements(List<String> files, Set<String> names, boolean local) {

  /** Their place in the repository. */
  static final String FILE = "requirements.txt";

  /** No app includes more files. */
  private static final int MAX_FILES = 32;

  private static final Pattern INCLUDE =
      Pattern.compile("(?:-r|--requirement|-c|--constraint)[ =]*([^ #]+)");
  private static final Pattern LOCAL =
      Pattern.compile("(?:-e |--editable[ =])?\\s*(?:\\.|/|file:|[^ @]+ *@ *file:).*");
  private static final Pattern NAME = Pattern.compile("([A-Za-z0-9][A-Za-z0-9._-]*)(\\[.*)?");

  Requirements {
    files = List.copyOf(files);
    names = Set.copyOf(names);
  }

  static Requirements read(SourceTree tree, PlatformSettings.Planning limits) throws IOException {
    Set<String> files = new LinkedHashSet<>();
    Set<String> names = new TreeSet<>();
    Deque<String> waiting = new ArrayDeque<>(List.of(FILE));
    boolean local = false;
    while (!waiting.isEmpty() && files.size() < MAX_FILES) {
      String file = waiting.remove();
      if (files.contains(file) || tree.find(file).isEmpty()) {
        continue;
      }
      files.add(file);
      for (String raw : SourceFiles.text(tree, file, limits).orElse("").split("\r?\n", -1)) {
        String line = raw.strip();
        Matcher include = INCLUDE.matcher(line);
        if (include.lookingAt()) {
          waiting.add(beside(file, include.group(1)));
        } else if (LOCAL.matcher(line).matches()) {
          local = true;
        } else {
          add(names, line);
        }
      }
    }
    return new Requirements(List.copyOf(files), names, local);
  }

  /** Adds the name of a requirement as PEP 508 writes it. */
  static void add(Set<String> names, String requirement) {
    Matcher name = NAME.matcher(requirement);
    if (name.lookingAt()) {
      names.add(normal(name.group(1)));
      String extras = name.group(2);
      if (extras != null && extras.startsWith("[standard") && names.contains("fastapi")) {
        names.add("uvicorn"); // the extra brings it
      }
    }
  }

  /** How a package's name is compared (PEP 503). */
  static String normal(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[-_.]+", "-");
  }

  private static String beside(String file, String included) {
    Deque<String> path = new ArrayDeque<>(List.of(file.split("/")));
    path.removeLast();
    for (String part : included.split("/")) {
      if (part.equals("..")) {
        path.pollLast();
      } else if (!part.isEmpty() && !part.equals(".")) {
        path.addLast(part);
      }
    }
    return String.join("/", path);
  }
}
