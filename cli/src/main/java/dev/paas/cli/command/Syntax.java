package dev.paas.cli.command;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The options and words of one command, for picocli to read and to explain. Declared by calls and
 * only for the command that is asked for: to find annotations by reflection takes longer than
 * everything else that a command does.
 */
public final class Syntax {
  private static final int WIDTH = 80;
  private static final int LABELS = 24;

  private final CommandSpec spec = CommandSpec.create();
  private final List<Declared> declared = new ArrayList<>();
  private final List<String> examples = new ArrayList<>();
  private boolean stopsAtWords;
  private @Nullable Predicate<String> mayPrecedeOptions;

  /** What was declared, and who gets what is found. */
  private record Declared(ArgSpec arg, Consumer<String> found) {}

  public Syntax() {
    spec.addOption(
        OptionSpec.builder("-h", "--help").usageHelp(true).description("Show this help.").build());
  }

  /** What the command does. */
  public Syntax does(String... lines) {
    spec.usageMessage().description(lines);
    return this;
  }

  public Syntax example(String... lines) {
    for (String line : lines) {
      examples.add("  " + line);
    }
    return this;
  }

  /** An option without a value, e.g. {@code "-t, --tail"}. */
  public Syntax flag(String names, String description, Runnable given) {
    OptionSpec.Builder option = named(names, description).type(boolean.class).arity("0");
    return add(option.build(), value -> given.run());
  }

  /** An option with a value; it may be given more than once. */
  public Syntax option(String names, String label, String description, Consumer<String> given) {
    return add(valued(names, label, description).build(), given);
  }

  /** An option that must be there. */
  public Syntax required(String names, String label, String description, Consumer<String> given) {
    return add(valued(names, label, description).required(true).build(), given);
  }

  /** The next word, which must be there. */
  public Syntax word(String label, String description, Consumer<String> given) {
    return next("1", label, description, given);
  }

  /** The next word, if there is one. */
  public Syntax optionalWord(String label, String description, Consumer<String> given) {
    return next("0..1", label, description, given);
  }

  /** All other words. */
  public Syntax words(String label, int least, String description, Consumer<String> given) {
    return next(least + "..*", label, description, given);
  }

  /** What follows the first word is no option of this command. */
  public Syntax stopsAtWords() {
    stopsAtWords = true;
    return this;
  }

  /** The same, but for one word of this form, which may stand before the options, too. */
  public Syntax stopsAtWordsAfter(Predicate<String> form) {
    mayPrecedeOptions = form;
    return stopsAtWords();
  }

  private static OptionSpec.Builder named(String names, String description) {
    return OptionSpec.builder(names.split(", ")).description(description);
  }

  private static OptionSpec.Builder valued(String names, String label, String description) {
    return named(names, description)
        .paramLabel(label)
        .type(List.class)
        .auxiliaryTypes(String.class)
        .arity("1");
  }

  private Syntax next(String arity, String label, String description, Consumer<String> given) {
    int place = spec.positionalParameters().size();
    return add(
        PositionalParamSpec.builder()
            .index(arity.endsWith("*") ? place + "..*" : Integer.toString(place))
            .arity(arity)
            .required(!arity.startsWith("0"))
            .type(List.class)
            .auxiliaryTypes(String.class)
            .paramLabel(label)
            .description(description)
            .build(),
        given);
  }

  private Syntax add(ArgSpec arg, Consumer<String> found) {
    spec.add(arg);
    declared.add(new Declared(arg, found));
    return this;
  }

  private CommandLine parser() {
    // A line may come from elsewhere: an @ in it names no file of this machine.
    return new CommandLine(spec)
        .setExpandAtFiles(false)
        .setInterpolateVariables(false)
        .setOverwrittenOptionsAllowed(true)
        .setStopAtPositional(stopsAtWords);
  }

  /**
   * Hands the options and words to who declared them.
   *
   * @return false when help was asked for: then nothing is checked
   */
  boolean read(List<String> given) {
    List<String> line = withOptionsFirst(given);
    CommandLine.ParseResult found;
    try {
      found = parser().parseArgs(line.toArray(String[]::new));
    } catch (ParameterException misunderstood) {
      // The fix is added by who knows the command's name.
      throw new UsageException(what(misunderstood), "");
    }
    if (found.isUsageHelpRequested()) {
      return false;
    }
    for (Declared each : declared) {
      each.arg().stringValues().forEach(each.found());
    }
    return true;
  }

  /** What stands behind the first word is all words to the parser. */
  private List<String> withOptionsFirst(List<String> line) {
    Predicate<String> form = mayPrecedeOptions;
    if (form == null) {
      return line;
    }
    int first = line.size() - wordsOf(line).size();
    if (first > line.size() - 2
        || !form.test(line.get(first))
        || !line.get(first + 1).startsWith("-")
        || line.get(first + 1).equals("--")) {
      return line;
    }
    List<String> without = new ArrayList<>(line);
    String word = without.remove(first);
    List<String> words = wordsOf(without);
    List<String> sorted = new ArrayList<>(without.subList(0, without.size() - words.size()));
    if (!sorted.contains("--")) {
      sorted.add("--");
    }
    sorted.add(word);
    sorted.addAll(words);
    return sorted;
  }

  private List<String> wordsOf(List<String> line) {
    try {
      CommandLine.ParseResult found = parser().parseArgs(line.toArray(String[]::new));
      return found.matchedPositionals().stream()
          .flatMap(words -> words.stringValues().stream())
          .toList();
    } catch (ParameterException misunderstood) {
      return List.of();
    }
  }

  private static String what(ParameterException misunderstood) {
    if (misunderstood instanceof UnmatchedArgumentException unmatched) {
      String word = unmatched.getUnmatched().get(0);
      return (unmatched.isUnknownOption() ? "Unknown option: " : "Unexpected argument: ") + word;
    }
    if (misunderstood instanceof MissingParameterException missing) {
      ArgSpec arg = missing.getMissing().isEmpty() ? null : missing.getMissing().get(0);
      if (arg != null) {
        String label = arg.paramLabel();
        return "Missing argument: "
            + (arg instanceof OptionSpec option ? option.longestName() + " " + label : label);
      }
    }
    return "Not understood: " + misunderstood.getMessage();
  }

  /** Prints the help of the command with this name. */
  void print(String name, PrintStream out) {
    spec.name("paas " + name)
        .usageMessage()
        .width(WIDTH)
        .longOptionsMaxWidth(LABELS)
        .abbreviateSynopsis(true)
        .sortOptions(false)
        .parameterListHeading("%n")
        .footerHeading("%nExample:%n")
        .footer(examples.toArray(String[]::new));
    new CommandLine(spec).usage(out, Ansi.OFF);
  }
}
