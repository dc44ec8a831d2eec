package dev.paas.cli.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The files of a folder that a deploy sends: all but those that a {@code .gitignore} in it names,
 * and git's own. {@code .dockerignore} is left to the build, which knows the Dockerfile.
 */
final class SourceFolder {

  private static final String GIT = ".git";

  private final Path top;
  private final List<String> paths = new ArrayList<>();

  /** The rules of a folder, and the length of its path with the slash. */
  private record Rules(IgnoreRules rules, int from) {}

  private SourceFolder(Path top) {
    this.top = top;
  }

  /** Lists a folder's files, sorted. */
  static SourceFolder of(Path top) throws IOException {
    SourceFolder source = new SourceFolder(top);
    source.walk("", List.of());
    return source;
  }

  /** Files and links, relative, with {@code /}. */
  List<String> paths() {
    return List.copyOf(paths);
  }

  Path path(String relative) {
    return top.resolve(relative);
  }

  private void walk(String prefix, List<Rules> above) throws IOException {
    Path folder = top.resolve(prefix);
    List<Rules> rules = new ArrayList<>(above);
    rules.add(new Rules(IgnoreRules.of(folder), prefix.length()));
    List<Path> entries;
    try (Stream<Path> listed = Files.list(folder)) {
      entries = listed.sorted().toList();
    }
    for (Path entry : entries) {
      String path = prefix + entry.getFileName();
      boolean isFolder = Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS);
      if (path.substring(prefix.length()).equals(GIT) || ignored(rules, path, isFolder)) {
        continue;
      }
      if (isFolder) {
        walk(path + "/", rules);
      } else if (Files.isSymbolicLink(entry)
          || Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)) {
        paths.add(path);
      }
    }
  }

  /** The nearest file that says something decides. */
  private static boolean ignored(List<Rules> rules, String path, boolean folder) {
    for (int i = rules.size() - 1; i >= 0; i--) {
      Rules each = rules.get(i);
      Optional<Boolean> said = each.rules().ignores(path.substring(each.from()), folder);
      if (said.isPresent()) {
        return said.get();
      }
    }
    return false;
  }
}
