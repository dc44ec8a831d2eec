package dev.paas.builder.buildpack.python;

import com.electronwill.nightconfig.core.UnmodifiableConfig;
import com.electronwill.nightconfig.core.io.ParsingException;
import com.electronwill.nightconfig.toml.TomlParser;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.builder.plan.SourceFiles;
import dev.paas.builder.source.SourceTree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A file of TOML that describes the app: pyproject.toml or a Pipfile. */
final class Manifest {

  /** The parser calls itself for each level. */
  private static final int MAX_DEPTH = 64;

  private final UnmodifiableConfig content;

  private Manifest(UnmodifiableConfig content) {
    this.content = content;
  }

  /**
   * An empty one when there is no such file.
   *
   * @throws dev.paas.base.problem.PaasException {@code python.bad-manifest}
   */
  static Manifest read(SourceTree tree, String path, PlatformSettings.Planning limits)
      throws IOException {
    String text = SourceFiles.text(tree, path, limits).orElse("");
    if (isTooDeep(text)) {
      throw bad(path, "nests arrays or tables deeper than " + MAX_DEPTH);
    }
    try {
      return new Manifest(new TomlParser().parse(text));
    } catch (ParsingException | IllegalArgumentException | IndexOutOfBoundsException malformed) {
      String said = String.valueOf(malformed.getMessage());
      int end = said.indexOf('\n');
      throw bad(path, "is not TOML: " + Problem.printable(end < 0 ? said : said.substring(0, end)));
    }
  }

  private static boolean isTooDeep(String text) {
    int depth = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '[' || c == '{') {
        depth++;
      } else if (c == ']' || c == '}') {
        depth = Math.max(0, depth - 1);
      }
      if (depth > MAX_DEPTH) {
        return true;
      }
    }
    return false;
  }

  private static RuntimeException bad(String path, String what) {
    return Problem.of(
            Kind.INVALID, "python.bad-manifest", path + " " + what, path, "Correct the file.")
        .asException();
  }

  /** A text at a path of names; empty when there is none, or something else. */
  String text(String... names) {
    return at(names) instanceof String text ? text.strip() : "";
  }

  boolean has(String... names) {
    return at(names) != null;
  }

  boolean isTrue(String... names) {
    return Boolean.TRUE.equals(at(names));
  }

  boolean isFalse(String... names) {
    return Boolean.FALSE.equals(at(names));
  }

  /** The texts of an array. */
  List<String> texts(String... names) {
    List<String> texts = new ArrayList<>();
    if (at(names) instanceof List<?> list) {
      for (Object one : list) {
        if (one instanceof String text) {
          texts.add(text.strip());
        }
      }
    }
    return texts;
  }

  /** The names in a table. */
  List<String> names(String... names) {
    return at(names) instanceof UnmodifiableConfig table
        ? table.entrySet().stream().map(UnmodifiableConfig.Entry::getKey).toList()
        : List.of();
  }

  private @Nullable Object at(String... names) {
    return content.get(List.of(names));
  }
}
