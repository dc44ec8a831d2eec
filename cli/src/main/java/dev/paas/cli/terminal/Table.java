package dev.paas.cli.terminal;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Columns for people, at most 80 characters wide: the widest column gives way, with an ellipsis.
 */
public final class Table {

  static final int WIDTH = 80;
  private static final String GAP = "  ";
  private static final int NARROWEST = 8;

  private final List<String[]> rows = new ArrayList<>();

  public Table(String... heads) {
    rows.add(heads);
  }

  public Table row(String... cells) {
    rows.add(Arrays.stream(cells).map(Table::printable).toArray(String[]::new));
    return this;
  }

  private static String printable(String cell) {
    StringBuilder out = new StringBuilder(cell.length());
    cell.codePoints().forEach(c -> out.appendCodePoint(Unseen.is(c) ? ' ' : c));
    return out.length() == 0 ? "-" : out.toString();
  }

  /** Prints the rows, or the sentence when there is none. */
  public void print(PrintStream to, String whenEmpty) {
    if (rows.size() == 1) {
      to.println(whenEmpty);
      return;
    }
    int[] widths = widths();
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.length; i++) {
        String cell = cut(row[i], widths[i]);
        line.append(i == 0 ? "" : GAP).append(cell);
        line.append(" ".repeat(i == row.length - 1 ? 0 : widths[i] - cell.length()));
      }
      to.println(line.toString().stripTrailing());
    }
  }

  private int[] widths() {
    int[] widths = new int[rows.get(0).length];
    for (String[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    int free = WIDTH - GAP.length() * (widths.length - 1);
    while (Arrays.stream(widths).sum() > free) {
      int widest = 0;
      for (int i = 1; i < widths.length; i++) {
        widest = widths[i] > widths[widest] ? i : widest;
      }
      if (widths[widest] <= NARROWEST) {
        break;
      }
      widths[widest]--;
    }
    return widths;
  }

  private static String cut(String cell, int width) {
    if (cell.length() <= width) {
      return cell;
    }
    int end = width - 1;
    // Not within a surrogate pair: half a character is none.
    boolean within = end > 0 && Character.isHighSurrogate(cell.charAt(end - 1));
    return cell.substring(0, within ? end - 1 : end) + "…";
  }
}
