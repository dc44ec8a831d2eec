package dev.paas.cli.deploy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** The patterns of one {@code .gitignore}, for what is below its folder (gitignore(5)). */
final class IgnoreRules {

  static final String NAME = ".gitignore";

  private final List<Rule> rules = new ArrayList<>();

  private record Rule(Pattern pattern, boolean keeps, boolean folders) {}

  /** Those of a folder; none when it has no such file. A link is not followed, as by git. */
  static IgnoreRules of(Path folder) throws IOException {
    IgnoreRules rules = new IgnoreRules();
    Path file = folder.resolve(NAME);
    if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().forEach(rules::add);
    }
    return rules;
  }

  private void add(String line) {
    String text = withoutBlanks(line);
    boolean keeps = text.startsWith("!");
    text = keeps ? text.substring(1) : text;
    boolean folders = text.endsWith("/");
    text = folders ? text.substring(0, text.length() - 1) : text;
    if (text.isEmpty() || line.startsWith("#")) {
      return;
    }
    boolean anchored = text.indexOf('/') >= 0;
    text = text.startsWith("/") ? text.substring(1) : text;
    try {
      String regex = (anchored ? "" : "(?:.*/)?") + regex(text);
      rules.add(new Rule(Pattern.compile(regex, Pattern.DOTALL), keeps, folders));
    } catch (PatternSyntaxException matchesNothing) {
      // As in git, a pattern that is none ignores nothing.
    }
  }

  /** Blanks at the end count only behind a backslash. */
  private static String withoutBlanks(String line) {
    int end = line.length();
    while (end > 0 && line.charAt(end - 1) == ' ' && !(end > 1 && line.charAt(end - 2) == '\\')) {
      end--;
    }
    return line.substring(0, end);
  }

  private static String regex(String glob) {
    StringBuilder regex = new StringBuilder();
    int i = 0;
    while (i < glob.length()) {
      char c = glob.charAt(i);
      if (glob.startsWith("**/", i) && (i == 0 || glob.charAt(i - 1) == '/')) {
        regex.append("(?:.*/)?");
        i += 3;
      } else if (glob.substring(i).equals("**") && i > 0 && glob.charAt(i - 1) == '/') {
        regex.append(".+");
        i += 2;
      } else if (c == '*') {
        regex.append("[^/]*+");
        i += 1;
        while (i < glob.length() && glob.charAt(i) == '*') {
          i++;
        }
        // Possessive only where nothing follows in this name.
        if (i < glob.length() && glob.charAt(i) != '/') {
          regex.setLength(regex.length() - 1);
        }
      } else if (c == '?') {
        regex.append("[^/]");
        i++;
      } else if (c == '[' && glob.indexOf(']', i + 2) > 0) {
        int end = glob.indexOf(']', i + 2);
        String set = glob.substring(i + 1, end).replace("\\", "\\\\").replace("[", "\\[");
        set = set.startsWith("!") ? "^" + set.substring(1) : set;
        regex.append("(?!/)[").append(set.replace("&&", "&")).append(']');
        i = end + 1;
      } else {
        i += c == '\\' && i + 1 < glob.length() ? 1 : 0;
        regex.append(Pattern.quote(glob.substring(i, i + 1)));
        i++;
      }
    }
    return regex.toString();
  }

  /**
   * Whether a path is ignored; nothing when no pattern is about it.
   *
   * @param path relative to the folder of the file, with {@code /}
   */
  Optional<Boolean> ignores(String path, boolean folder) {
    for (int i = rules.size() - 1; i >= 0; i--) {
      Rule rule = rules.get(i);
      if ((folder || !rule.folders()) && rule.pattern().matcher(path).matches()) {
        return Optional.of(!rule.keeps());
      }
    }
    return Optional.empty();
  }
}
