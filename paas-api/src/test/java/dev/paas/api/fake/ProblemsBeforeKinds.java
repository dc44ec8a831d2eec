package dev.paas.api.fake;

import dev.paas.base.problem.Problem.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What each code was answered with when the text of the code decided that, beside the kind that
 * docs/problems.md gives it now. The acceptance module compares the document with the code.
 */
public final class ProblemsBeforeKinds {

  private static final Pattern DOCUMENTED =
      Pattern.compile("^\\| `([a-z0-9.-]+)` \\| ([a-z ]+) \\|", Pattern.MULTILINE);

  /** One code; each answer is {@code -} where there was none. */
  public record Row(String code, Kind kind, String status, String retry, String outage) {

    @Override
    public String toString() {
      return code;
    }
  }

  private ProblemsBeforeKinds() {}

  /** All codes that are problems. */
  public static List<Row> rows() throws IOException {
    Map<String, Kind> kinds = kinds();
    List<Row> rows = new ArrayList<>();
    for (String line : table().lines().filter(text -> !text.startsWith("#")).toList()) {
      String[] cells = line.split("\t");
      if (!cells[1].equals("-")) {
        Kind kind = Objects.requireNonNull(kinds.get(cells[0]), cells[0]);
        rows.add(new Row(cells[0], kind, cells[1], cells[2], cells[3]));
      }
    }
    return rows;
  }

  private static Map<String, Kind> kinds() throws IOException {
    return DOCUMENTED
        .matcher(Files.readString(Path.of("..", "docs", "problems.md")))
        .results()
        .collect(Collectors.toMap(row -> row.group(1), row -> kind(row.group(2))));
  }

  private static Kind kind(String documented) {
    return Kind.valueOf(documented.toUpperCase(Locale.ROOT).replace(' ', '_'));
  }

  private static String table() throws IOException {
    try (InputStream in =
        ProblemsBeforeKinds.class.getResourceAsStream("/dev/paas/api/problems-before-kinds.tsv")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
