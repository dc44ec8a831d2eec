package dev.paas.builder.dockerfile.text;

import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * The mistakes of one Dockerfile, gathered while it is read, so that whoever wrote it sees them all
 * at once. They end the reading when there are too many, or when one is no mistake of a single
 * place: a bound of the whole file, or an image that can't be had.
 */
public final class Mistakes {

  /** Left for the sentence about those that are not shown. */
  private static final int RESERVED = 40;

  private static final String INDENT = "    ";

  private final Source source;
  private final Bounds bounds;
  private final int most;
  private final List<Found> found = new ArrayList<>();

  private record Found(int place, PaasException problem) {

    boolean isSame(Found other) {
      return place == other.place
          && problem.problem().what().equals(other.problem.problem().what());
    }
  }

  /**
   * None yet.
   *
   * @param most so many end the reading
   */
  public Mistakes(Source source, Bounds bounds, int most) {
    this.source = source;
    this.bounds = bounds;
    this.most = most;
  }

  /**
   * Keeps one and lets the reading go on, if it can.
   *
   * @param place of what was read, for a mistake that is in another text
   * @throws PaasException everything so far, when reading can't go on
   */
  public void add(PaasException problem, int place) {
    Kind kind = problem.problem().kind();
    if (!(problem instanceof Mistake mistake) || (kind != Kind.INVALID && !bounds.exceeded())) {
      throw problem;
    }
    Found one = new Found(mistake.isIn(source) ? mistake.offset() : place, problem);
    if (found.stream().noneMatch(one::isSame)) {
      found.add(one);
    }
    if (found.size() >= most || bounds.exceeded()) {
      throw together();
    }
  }

  public boolean isEmpty() {
    return found.isEmpty();
  }

  /** Takes out those at the places that don't count, and answers with a line for each. */
  public List<String> forgive(IntPredicate doesNotCount) {
    List<Found> forgiven =
        found.stream().filter(each -> doesNotCount.test(each.place())).sorted(inOrder()).toList();
    found.removeAll(forgiven);
    return forgiven.stream().map(each -> each.problem().problem().lines().get(0)).toList();
  }

  /**
   * Refuses the file if there are any.
   *
   * @throws PaasException the only one as it is; several as {@code dockerfile.mistakes}, in the
   *     file's order
   */
  public void check() {
    if (!found.isEmpty()) {
      throw together();
    }
  }

  private static Comparator<Found> inOrder() {
    return Comparator.comparingInt(Found::place);
  }

  private PaasException together() {
    if (found.size() == 1) {
      return found.get(0).problem();
    }
    found.sort(inOrder());
    StringBuilder text = new StringBuilder(source.name());
    text.append(": ").append(found.size());
    text.append(found.size() < most ? "" : " or more").append(" mistakes");
    int shown = 0;
    for (Found each : found) {
      String block = block(each.problem().problem());
      if (text.length() + block.length() > Problem.MAX_SENTENCE_LENGTH - RESERVED) {
        text.append("\n\nand ").append(found.size() - shown).append(" more");
        break;
      }
      text.append(block);
      shown++;
    }
    return Problem.of(
            Kind.INVALID,
            "dockerfile.mistakes",
            text.toString(),
            "Correct these lines, the first one first: it may be the cause of a later one.")
        .asException();
  }

  /** The sentence with its place, the line with the caret, and the fix. */
  private static String block(Problem problem) {
    List<String> lines = new ArrayList<>(problem.lines());
    lines.set(0, Columns.wrapped(lines.get(0), INDENT));
    lines.add(Columns.wrapped(INDENT + problem.fix() + " (" + problem.code() + ")", INDENT));
    return "\n\n" + String.join("\n", lines);
  }
}
