package dev.paas.builder.dockerfile.text;

import dev.paas.base.name.Nearest;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Splits a Dockerfile into instructions as Docker's reference describes it: comments, continued
 * lines, flags, documents. Nothing is expanded or judged here but the instructions' names.
 */
public final class Parser {

  private static final List<String> KEYWORDS =
      Arrays.stream(Instruction.Keyword.values()).map(Enum::name).toList();

  private final Source source;
  private final Bounds bounds;
  private final Mistakes mistakes;
  private final char escape;
  private final List<Instruction> instructions = new ArrayList<>();
  private final List<Text> interrupted = new ArrayList<>();

  private Parser(Source source, Bounds bounds, Mistakes mistakes, char escape) {
    this.source = source;
    this.bounds = bounds;
    this.mistakes = mistakes;
    this.escape = escape;
  }

  /**
   * What a Dockerfile says, before expansion.
   *
   * @param interrupted the names of instructions with an empty line among their continued ones
   */
  public record Parsed(
      Directives directives, List<Instruction> instructions, List<Text> interrupted) {

    public char escape() {
      return directives.escape();
    }
  }

  /**
   * Reads everything that can be read.
   *
   * @param mistakes takes what is wrong
   */
  public static Parsed parse(Source source, Bounds bounds, Mistakes mistakes) {
    Directives directives = Directives.of(source, mistakes);
    Parser parser = new Parser(source, bounds, mistakes, directives.escape());
    parser.lines(directives.end());
    return new Parsed(
        directives, List.copyOf(parser.instructions), List.copyOf(parser.interrupted));
  }

  /**
   * Reads a text in which nothing may be wrong.
   *
   * @throws dev.paas.base.problem.PaasException its first mistake
   */
  public static Parsed parse(Source source, Bounds bounds) {
    return parse(source, bounds, new Mistakes(source, bounds, 1));
  }

  private void lines(int from) {
    int start = from;
    StringBuilder chars = new StringBuilder();
    List<int[]> pieces = new ArrayList<>();
    boolean interruption = false;
    while (start < source.text().length()) {
      int end = endOfLine(start);
      int begin = start;
      start = end + 1;
      int textBegin = begin;
      while (textBegin < end && Text.isSpace(source.text().charAt(textBegin))) {
        textBegin++;
      }
      if (textBegin == end || source.text().charAt(textBegin) == '#') {
        interruption |= textBegin == end && !pieces.isEmpty();
        continue; // blank lines and comments do not end a continued instruction
      }
      int textEnd = endOfText(textBegin, end);
      boolean continued = isContinued(textBegin, textEnd);
      int first = pieces.isEmpty() ? textBegin : begin;
      int last = continued ? textEnd - 1 : textEnd;
      chars.append(source.text(), first, last);
      pieces.add(new int[] {first, last});
      if (!continued) {
        start = instruction(chars, pieces, start, interruption);
        interruption = false;
      }
    }
    if (!pieces.isEmpty()) {
      int unused = instruction(chars, pieces, start, interruption);
    }
  }

  /** Behind an escape character that goes on with the next line may be blanks and tabs. */
  private int endOfText(int begin, int end) {
    int textEnd = end;
    while (textEnd > begin && source.text().charAt(textEnd - 1) == '\r') {
      textEnd--;
    }
    while (textEnd > begin && " \t".indexOf(source.text().charAt(textEnd - 1)) >= 0) {
      textEnd--;
    }
    return textEnd;
  }

  /** A line that ends with one escape character goes on; with two, it does not. */
  private boolean isContinued(int begin, int end) {
    return source.text().charAt(end - 1) == escape
        && (end - 2 < begin || source.text().charAt(end - 2) != escape);
  }

  private int endOfLine(int start) {
    int end = source.text().indexOf('\n', start);
    return end < 0 ? source.text().length() : end;
  }

  /**
   * Answers with the offset behind it and its documents; {@code behind} is that of its last line.
   */
  private int instruction(
      StringBuilder chars, List<int[]> pieces, int behind, boolean interruption) {
    Text whole = Text.joined(source, chars.toString(), pieces);
    chars.setLength(0);
    pieces.clear();
    List<Text> split = whole.firstWord();
    if (interruption) {
      interrupted.add(split.get(0));
    }
    try {
      refuseNul(whole);
      return instruction(split, behind);
    } catch (PaasException mistake) {
      mistakes.add(mistake, split.get(0).offset());
      return behindMistake(split, behind);
    }
  }

  /** Documents of an instruction that is wrong are no instructions either. */
  private int behindMistake(List<Text> split, int behind) {
    String name = split.get(0).toString().toUpperCase(Locale.ROOT);
    Optional<String> meant =
        KEYWORDS.contains(name) ? Optional.of(name) : Nearest.to(name, KEYWORDS);
    try {
      return meant.isEmpty()
          ? behind
          : documents(
              Instruction.Keyword.valueOf(meant.get()), split.get(1), behind, new ArrayList<>());
    } catch (PaasException noEnd) {
      return source.text().length();
    }
  }

  private int instruction(List<Text> split, int behind) {
    bounds.instructions(instructions.size() + 1, split.get(0));
    Instruction.Keyword keyword = keyword(split.get(0));
    List<Text> flags = new ArrayList<>();
    Text rest = split.get(1);
    while (rest.startsWith("--") && keyword != Instruction.Keyword.CMD) {
      int end = endOfFlag(rest);
      Text flag = flag(rest.part(0, end));
      rest = rest.from(end).strip();
      if (flag.length() == 2) {
        break;
      }
      flags.add(flag);
      bounds.words(flags.size(), flag);
    }
    List<Heredoc> documents = new ArrayList<>();
    int end = documents(keyword, rest, behind, documents);
    instructions.add(
        new Instruction(keyword, split.get(0), List.copyOf(flags), rest, List.copyOf(documents)));
    return end;
  }

  /** Where the blank is that ends a flag: in quotes it may have some. */
  private static int endOfFlag(Text rest) {
    char quote = 0;
    int at = 0;
    while (at < rest.length() && (quote != 0 || !Text.isSpace(rest.charAt(at)))) {
      char c = rest.charAt(at);
      if (c == '\\') {
        at++;
      } else if (quote == 0 && (c == '\'' || c == '"')) {
        quote = c;
      } else if (c == quote) {
        quote = 0;
      }
      at++;
    }
    return Math.min(at, rest.length());
  }

  /** A flag without its quotes and backslashes, of which only variables take notice elsewhere. */
  private static Text flag(Text written) {
    StringBuilder chars = new StringBuilder();
    char quote = 0;
    for (int i = 0; i < written.length(); i++) {
      char c = written.charAt(i);
      if (c == '\\' && i + 1 < written.length()) {
        chars.append(written.charAt(++i));
      } else if (quote == 0 && (c == '\'' || c == '"')) {
        quote = c;
      } else if (c == quote) {
        quote = 0;
      } else if (c != '\\') {
        chars.append(c);
      }
    }
    return chars.length() == written.length() ? written : written.meaning(chars.toString());
  }

  /** No file name, argument or variable of Linux can hold one, so the whole file may not. */
  private static void refuseNul(Text whole) {
    int nul = whole.indexOf('\0');
    if (nul >= 0) {
      throw whole.problem(
          Kind.INVALID,
          "dockerfile.nul",
          nul,
          "The file has a NUL character",
          "Remove it, and save the file as UTF-8 text.");
    }
  }

  /** Refuses a word that is no instruction. */
  public static Instruction.Keyword keyword(Text word) {
    if (word.isEmpty()) {
      throw word.problem(
          Kind.INVALID,
          "dockerfile.unknown-instruction",
          "There is no instruction on this line",
          "Remove the line, or continue it with an instruction.");
    }
    String upper = word.toString().toUpperCase(Locale.ROOT);
    if (!KEYWORDS.contains(upper)) {
      throw word.problem(
          Kind.INVALID,
          "dockerfile.unknown-instruction",
          "There is no instruction " + printable(word.toString()),
          upper.chars().anyMatch(c -> Text.isSpace((char) c))
              ? "Put a plain blank behind the instruction: there is another kind of space."
              : Nearest.to(upper, KEYWORDS)
                  .map(near -> "Did you mean " + near + "?")
                  .orElse("Use one of " + String.join(", ", KEYWORDS) + "."));
    }
    return Instruction.Keyword.valueOf(upper);
  }

  private static String printable(String word) {
    return dev.paas.base.problem.Problem.printable(
        word.length() > 40 ? word.substring(0, 40) + "…" : word);
  }

  /** Reads the documents that an instruction announces, and answers with the offset behind them. */
  private int documents(
      Instruction.Keyword keyword, Text arguments, int behind, List<Heredoc> into) {
    int at = behind;
    if (takesDocuments(keyword, arguments)) {
      List<Text> announced = new ArrayList<>();
      arguments.forEachWord(
          '\\',
          word -> {
            if (Heredoc.opening(word).isPresent()) {
              announced.add(word);
              bounds.words(announced.size(), word);
            }
          });
      for (Text word : announced) {
        at = document(Heredoc.opening(word).orElseThrow(), word, at, into);
      }
    }
    return at;
  }

  private boolean takesDocuments(Instruction.Keyword keyword, Text arguments) {
    if (!arguments.contains("<<")) {
      return false;
    }
    return switch (keyword) {
      case RUN, COPY, ADD -> StringArray.of(arguments, bounds).isEmpty();
      case ONBUILD -> {
        List<Text> inner = arguments.firstWord();
        String name = inner.get(0).toString().toUpperCase(Locale.ROOT);
        yield KEYWORDS.contains(name)
            && !name.equals("ONBUILD")
            && takesDocuments(Instruction.Keyword.valueOf(name), inner.get(1));
      }
      default -> false;
    };
  }

  private int document(Heredoc.Opening opening, Text word, int from, List<Heredoc> into) {
    int line = from;
    while (line < source.text().length()) {
      int end = endOfLine(line);
      if (Heredoc.ends(opening, source.text().substring(line, end))) {
        Text body = Text.joined(source, source.text().substring(from, line), spanning(from, line));
        refuseNul(body);
        into.add(new Heredoc(opening, body));
        return Math.min(end + 1, source.text().length());
      }
      line = end + 1;
    }
    throw word.problem(
        Kind.INVALID,
        "dockerfile.open-heredoc",
        "The here-document " + printable(opening.name()) + " has no end",
        "Write " + printable(opening.name()) + " alone on the line behind its last one.");
  }

  private static List<int[]> spanning(int begin, int end) {
    return List.of(new int[] {begin, end});
  }
}
