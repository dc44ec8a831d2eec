package dev.paas.builder.dockerfile.text;

import dev.paas.base.name.Nearest;
import dev.paas.base.problem.Problem.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Splits a Dockerfile into instructions as Docker's reference describes it: directives, comments,
 * continued lines, flags. Nothing is expanded or judged here but the instructions' names.
 */
public final class Parser {

  /** Whoever has begun with it has read the whole line: its value is what follows, stripped. */
  private static final Pattern DIRECTIVE =
      Pattern.compile("#[ \\t]*([a-zA-Z][a-zA-Z0-9]*)[ \\t]*=[ \\t]*");

  private static final List<String> KEYWORDS =
      Arrays.stream(Instruction.Keyword.values()).map(Enum::name).toList();

  private final Source source;
  private final Bounds bounds;
  private final List<Instruction> instructions = new ArrayList<>();
  private char escape = '\\';

  private Parser(Source source, Bounds bounds) {
    this.source = source;
    this.bounds = bounds;
  }

  /** What a Dockerfile says, before expansion. */
  public record Parsed(List<Instruction> instructions, char escape) {}

  public static Parsed parse(Source source, Bounds bounds) {
    Parser parser = new Parser(source, bounds);
    parser.lines(parser.directives());
    return new Parsed(List.copyOf(parser.instructions), parser.escape);
  }

  /** Reads the directives at the top and answers with the offset behind them. */
  private int directives() {
    Set<String> seen = new HashSet<>();
    int start = 0;
    while (start < source.text().length()) {
      int end = endOfLine(start);
      String line = source.text().substring(start, end).strip();
      Matcher directive = DIRECTIVE.matcher(line);
      if (!directive.lookingAt() || directive.end() == line.length()) {
        break;
      }
      String name = directive.group(1).toLowerCase(Locale.ROOT);
      boolean known = List.of("syntax", "escape", "check").contains(name);
      if (known && !seen.add(name)) {
        throw source.problem(
            Kind.INVALID,
            "dockerfile.duplicate-directive",
            start,
            "The directive " + name + " is given twice",
            line,
            "Keep one of them.");
      }
      if (name.equals("escape")) {
        escape = escape(line.substring(directive.end()), start);
      }
      start = end + 1;
    }
    return Math.min(start, source.text().length());
  }

  private char escape(String value, int offset) {
    if (!value.equals("\\") && !value.equals("`")) {
      throw source.problem(
          Kind.INVALID,
          "dockerfile.bad-escape",
          offset,
          "The escape character can be a backslash or a backtick only",
          value,
          "Write # escape=` or remove the line.");
    }
    return value.charAt(0);
  }

  private void lines(int from) {
    int start = from;
    StringBuilder chars = new StringBuilder();
    List<int[]> pieces = new ArrayList<>();
    while (start < source.text().length()) {
      int end = endOfLine(start);
      int begin = start;
      start = end + 1;
      int textBegin = begin;
      while (textBegin < end && Text.isSpace(source.text().charAt(textBegin))) {
        textBegin++;
      }
      if (textBegin == end || source.text().charAt(textBegin) == '#') {
        continue; // blank lines and comments do not end a continued instruction
      }
      int textEnd = endOfText(textBegin, end);
      boolean continued = isContinued(textBegin, textEnd);
      int first = pieces.isEmpty() ? textBegin : begin;
      int last = continued ? textEnd - 1 : textEnd;
      chars.append(source.text(), first, last);
      pieces.add(new int[] {first, last});
      if (!continued) {
        start = instruction(chars, pieces, start);
      }
    }
    if (!pieces.isEmpty()) {
      int unused = instruction(chars, pieces, start);
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
  private int instruction(StringBuilder chars, List<int[]> pieces, int behind) {
    Text whole = Text.joined(source, chars.toString(), pieces);
    chars.setLength(0);
    pieces.clear();
    List<Text> split = whole.firstWord();
    bounds.instructions(instructions.size() + 1, split.get(0));
    refuseNul(whole);
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
