package dev.paas.builder.dockerfile.lint;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.builder.dockerfile.text.Columns;
import dev.paas.builder.dockerfile.text.Directives;
import dev.paas.builder.dockerfile.text.Text;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** What the checks of one Dockerfile have found, as far as its directives want to know. */
public final class Warnings {

  /** More would only scroll the push's output away. */
  private static final int MAX_SHOWN = 20;

  private final Directives directives;
  private final List<Warning> found = new ArrayList<>();
  private int notShown;

  private record Warning(int place, String line) {}

  public Warnings(Directives directives) {
    this.directives = directives;
  }

  /**
   * Adds one.
   *
   * @param sentence what is found and what to do, without a full stop
   */
  public void add(Check check, Text at, String sentence) {
    if (!directives.reports(check.title(), check.isExperimental())) {
      return;
    }
    Warning warning =
        new Warning(at.offset(), at.place() + " warning: " + sentence + " (" + check.title() + ")");
    if (found.contains(warning)) {
      return;
    }
    if (found.size() < MAX_SHOWN) {
      found.add(warning);
    } else {
      notShown++;
    }
  }

  /** One a line, in the file's order. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    found.stream()
        .sorted(Comparator.comparingInt(Warning::place))
        .forEach(warning -> lines.add(warning.line()));
    if (notShown > 0) {
      lines.add("There are " + notShown + " more warnings.");
    }
    return lines;
  }

  /**
   * Refuses the file if it wants its warnings taken as mistakes.
   *
   * @throws dev.paas.base.problem.PaasException {@code dockerfile.check-failed}
   */
  public void check() {
    if (directives.warningsAreMistakes() && !found.isEmpty()) {
      throw Problem.of(
              Kind.INVALID,
              "dockerfile.check-failed",
              lines().stream()
                  .map(line -> Columns.wrapped(line, "    "))
                  .collect(Collectors.joining("\n")),
              "The file says # check=error=true: correct these lines, name the checks in"
                  + " # check=skip=…, or remove error=true.")
          .asException();
    }
  }
}
