package dev.paas.cli.command;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/**
 * The options and words of one command: reads a command line and prints the help. Options are
 * POSIX's and GNU's: {@code -n5}, {@code -n 5}, {@code -tn5}, {@code --num=5}, {@code --num 5};
 * {@code --} ends them. Written out in place of annotations, because to find those by reflection
 * takes longer than everything else that a command does.
 */
public final class Syntax {
  private static final int WIDTH = 80;
  private static final int LABELS = 24;

  private final List<String> about = new ArrayList<>();
  private final List<String> examples = new ArrayList<>();
  private final List<Option> options = new ArrayList<>();
  private final List<Word> words = new ArrayList<>();
  private boolean stopsAtWords;
  private boolean help;

  /** A named option; one without a label is a flag. */
  private static final class Option {
    private final List<String> names;
    private final String label;
    private final String description;
    private final Consumer<String> found;
    private final boolean required;
    private boolean given;

    Option(
        String names, String label, String description, boolean required, Consumer<String> found) {
      this.names = List.of(names.split(", "));
      this.label = label;
      this.description = description;
      this.required = required;
      this.found = found;
    }

    boolean isFlag() {
      return label.isEmpty();
    }

    void is(String value) {
      given = true;
      found.accept(value);
    }

    String usage() {
      return String.join(", ", names) + (isFlag() ? "" : " " + label);
    }
  }

  /** A word that is told from others by its place. */
  private record Word(
      String label, int least, int most, String description, Consumer<String> found) {
    String usage() {
      String one = most > 1 ? label + "…" : label;
      return least == 0 ? "[" + one + "]" : one;
    }
  }

  public Syntax() {
    flag("-h, --help", "Show this help.", () -> help = true);
  }

  /** What the command does. */
  public Syntax does(String... lines) {
    about.addAll(Arrays.asList(lines));
    return this;
  }

  public Syntax example(String... lines) {
    examples.addAll(Arrays.asList(lines));
    return this;
  }

  /** An option without a value, e.g. {@code "-t, --tail"}. */
  public Syntax flag(String names, String description, Runnable given) {
    options.add(new Option(names, "", description, false, value -> given.run()));
    return this;
  }

  /** An option with a value; it may be given more than once. */
  public Syntax option(String names, String label, String description, Consumer<String> given) {
    options.add(new Option(names, label, description, false, given));
    return this;
  }

  /** An option that must be there. */
  public Syntax required(String names, String label, String description, Consumer<String> given) {
    options.add(new Option(names, label, description, true, given));
    return this;
  }

  /** The next word, which must be there. */
  public Syntax word(String label, String description, Consumer<String> given) {
    words.add(new Word(label, 1, 1, description, given));
    return this;
  }

  /** The next word, if there is one. */
  public Syntax optionalWord(String label, String description, Consumer<String> given) {
    words.add(new Word(label, 0, 1, description, given));
    return this;
  }

  /** All other words. */
  public Syntax words(String label, int least, String description, Consumer<String> given) {
    words.add(new Word(label, least, Integer.MAX_VALUE, description, given));
    return this;
  }

  /** What follows the first word is no option of this command. */
  public Syntax stopsAtWords() {
    stopsAtWords = true;
    return this;
  }

  /**
   * Hands the options and words to who declared them.
   *
   * @return false when help was asked for: then nothing is checked
   */
  boolean read(List<String> line) {
    List<String> plain = new ArrayList<>();
    Iterator<String> rest = line.iterator();
    while (rest.hasNext()) {
      String next = rest.next();
      if (next.equals("--") || (stopsAtWords && !isOption(next))) {
        if (!next.equals("--")) {
          plain.add(next);
        }
        rest.forEachRemaining(plain::add);
      } else if (next.startsWith("--")) {
        readLong(next, rest);
      } else if (isOption(next)) {
        readShort(next, rest);
      } else {
        plain.add(next);
      }
    }
    if (help) {
      return false;
    }
    for (Option option : options) {
      if (option.required && !option.given) {
        throw wrong("This is missing: " + option.names.get(0) + " " + option.label);
      }
    }
    hand(plain);
    return true;
  }

  /** A hyphen alone is a word: standard input. */
  private static boolean isOption(String word) {
    return word.length() > 1 && word.startsWith("-");
  }

  private void readLong(String word, Iterator<String> rest) {
    int equals = word.indexOf('=');
    Option option = named(equals < 0 ? word : word.substring(0, equals), word);
    if (equals >= 0 && option.isFlag()) {
      throw wrong("This option takes no value: " + word);
    }
    option.is(equals >= 0 ? word.substring(equals + 1) : valueOf(option, word, rest));
  }

  private void readShort(String word, Iterator<String> rest) {
    for (int i = 1; i < word.length(); i++) {
      Option option = named("-" + word.charAt(i), word);
      String left = word.substring(i + 1);
      if (!option.isFlag() && !left.isEmpty()) {
        option.is(left.startsWith("=") ? left.substring(1) : left);
        return;
      }
      option.is(valueOf(option, word, rest));
    }
  }

  private static String valueOf(Option option, String word, Iterator<String> rest) {
    if (option.isFlag()) {
      return "";
    }
    if (!rest.hasNext()) {
      throw wrong("This option wants a value: " + word + " " + option.label);
    }
    return rest.next();
  }

  private Option named(String name, String word) {
    for (Option option : options) {
      if (option.names.contains(name)) {
        return option;
      }
    }
    throw wrong("This option is not known: " + word);
  }

  private void hand(List<String> plain) {
    int at = 0;
    for (Word word : words) {
      int taken = 0;
      while (taken < word.most && at < plain.size()) {
        word.found.accept(plain.get(at));
        at++;
        taken++;
      }
      if (taken < word.least) {
        throw wrong("This is missing: " + word.label);
      }
    }
    if (at < plain.size()) {
      throw wrong("This is one word too many: " + plain.get(at));
    }
  }

  /** The fix is added by who knows the command's name. */
  private static UsageException wrong(String what) {
    return new UsageException(what, "");
  }

  /** Prints the help of the command with this name. */
  void print(String name, PrintStream out) {
    StringBuilder usage = new StringBuilder("Usage: paas ").append(name);
    for (Option option : options) {
      if (option.required) {
        usage.append(' ').append(option.names.get(0)).append(' ').append(option.label);
      }
    }
    usage.append(" [OPTIONS]");
    words.forEach(word -> usage.append(' ').append(word.usage()));
    out.println(usage);
    about.forEach(line -> wrapped(out, "", "", line));
    out.println();
    words.forEach(word -> row(out, word.usage(), word.description));
    options.forEach(option -> row(out, option.usage(), option.description));
    out.println();
    out.println("Example:");
    examples.forEach(example -> out.println("  " + example));
  }

  private static void row(PrintStream out, String label, String description) {
    String start = "  " + label;
    String gap = " ".repeat(Math.max(2, LABELS - start.length()));
    wrapped(out, start + gap, " ".repeat(LABELS), description);
  }

  /** A text broken between words; the lines after the first are indented. */
  private static void wrapped(PrintStream out, String start, String indent, String text) {
    StringBuilder line = new StringBuilder(start);
    for (String word : text.split(" ")) {
      if (line.length() + word.length() > WIDTH) {
        out.println(line.toString().stripTrailing());
        line = new StringBuilder(indent);
      }
      line.append(word).append(' ');
    }
    out.println(line.toString().stripTrailing());
  }
}
