package dev.paas.builder.dockerfile;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.builder.dockerfile.text.Expansion;
import dev.paas.builder.dockerfile.text.Instruction;
import dev.paas.builder.dockerfile.text.Text;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The {@code name=value} words of ENV, LABEL and ARG. */
final class Assignments {

  private Assignments() {}

  /**
   * One of them, not expanded.
   *
   * @param value null when there is no equals sign
   */
  record Assignment(Text name, @Nullable Text value) {}

  /** For ENV and LABEL, which know the old form {@code ENV name value with blanks} too. */
  static List<Assignment> of(Instruction instruction, Expansion.Scope scope) {
    Text arguments = instruction.required("NAME=value");
    List<Text> words = arguments.words(scope.escape(), scope.bounds());
    if (words.get(0).indexOf('=') < 0) {
      List<Text> split = arguments.firstWord();
      if (split.get(1).isEmpty()) {
        throw split
            .get(0)
            .problem(
                Kind.INVALID,
                "dockerfile.no-value",
                instruction.keyword()
                    + " "
                    + Problem.printable(split.get(0).toString())
                    + " has no value",
                "Write " + Problem.printable(split.get(0).toString()) + "=value.");
      }
      return List.of(new Assignment(split.get(0), split.get(1)));
    }
    List<Assignment> assignments = new ArrayList<>();
    for (Text word : words) {
      Assignment assignment = split(word);
      if (assignment.value() == null) {
        throw word.problem(
            Kind.INVALID,
            "dockerfile.no-value",
            "This is not a name=value",
            "Write NAME=value, with quotes around a value that has blanks.");
      }
      assignments.add(assignment);
    }
    return assignments;
  }

  /** For ARG, whose names need no value. */
  static List<Assignment> optional(Instruction instruction, Expansion.Scope scope) {
    return instruction.required("NAME=default").words(scope.escape(), scope.bounds()).stream()
        .map(Assignments::split)
        .toList();
  }

  /** The name once its variables are replaced, which must leave something of it. */
  static String name(Text written, Expansion.Scope scope) {
    String name = Expansion.of(written, scope);
    if (name.isBlank() || name.indexOf('=') >= 0) {
      throw written.problem(
          Kind.INVALID,
          "dockerfile.no-name",
          "This is not a name once its variables are replaced",
          "Write NAME=value, with a name that is not empty and has no equals sign.");
    }
    return name;
  }

  private static Assignment split(Text word) {
    int equals = word.indexOf('=');
    if (equals == 0) {
      throw word.problem(
          Kind.INVALID,
          "dockerfile.no-name",
          "There is no name before the equals sign",
          "Write NAME=value.");
    }
    return equals < 0
        ? new Assignment(word, null)
        : new Assignment(word.part(0, equals), word.from(equals + 1));
  }
}
