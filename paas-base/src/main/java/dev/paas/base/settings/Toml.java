package dev.paas.base.settings;

import com.electronwill.nightconfig.core.UnmodifiableConfig;
import com.electronwill.nightconfig.core.io.ParsingException;
import com.electronwill.nightconfig.toml.TomlParser;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads TOML 1.0 into maps: a table is a map, a whole number a {@code Long}. */
final class Toml {

  private Toml() {}

  /**
   * @param origin what a problem calls the text
   * @throws dev.paas.base.problem.PaasException {@code settings.syntax}, with the line
   */
  static Map<String, Object> parse(String origin, String text) {
    Lines lines = new Lines(new StringReader(text));
    try {
      return table(new TomlParser().parse(lines));
    } catch (ParsingException malformed) {
      throw Problem.of(
              Kind.INVALID,
              "settings.syntax",
              "The settings file is not TOML, line " + lines.reached + ": " + said(malformed),
              origin,
              "Correct that line.")
          .asException(malformed);
    }
  }

  private static String said(ParsingException malformed) {
    return String.valueOf(malformed.getMessage()).replace("\n", "\\n");
  }

  private static Map<String, Object> table(UnmodifiableConfig parsed) {
    Map<String, Object> table = new LinkedHashMap<>();
    for (UnmodifiableConfig.Entry entry : parsed.entrySet()) {
      table.put(entry.getKey(), plain(entry.getRawValue()));
    }
    return table;
  }

  private static Object plain(Object value) {
    if (value instanceof UnmodifiableConfig nested) {
      return table(nested);
    } else if (value instanceof Integer number) {
      return number.longValue();
    } else if (value instanceof List<?> list) {
      return list.stream().map(Toml::plain).toList();
    }
    return value;
  }

  /** The parser, which reads one character after another, does not tell the line of an error. */
  private static final class Lines extends FilterReader {

    private int reached = 1;
    private boolean ended;

    Lines(Reader text) {
      super(text);
    }

    @Override
    public int read() throws IOException {
      int read = super.read();
      note(read);
      return read;
    }

    @Override
    public int read(char[] into, int offset, int length) throws IOException {
      int read = super.read(into, offset, Math.min(length, 1));
      note(read < 1 ? -1 : into[offset]);
      return read;
    }

    /** A line break belongs to the line that it ends. */
    private void note(int read) {
      if (read >= 0) {
        reached += ended ? 1 : 0;
        ended = read == '\n';
      }
    }
  }
}
