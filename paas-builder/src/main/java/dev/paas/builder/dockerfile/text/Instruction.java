package dev.paas.builder.dockerfile.text;

import dev.paas.base.name.Nearest;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * One instruction.
 *
 * @param keyword which one
 * @param word the keyword as it was written
 * @param flags the leading words that begin with two hyphens
 * @param arguments the rest
 * @param documents that follow it, in the order in which the arguments announce them
 */
public record Instruction(
    Keyword keyword, Text word, List<Text> flags, Text arguments, List<Heredoc> documents) {

  private static final Pattern BLANKS = Pattern.compile("\\s+");
  private static final int TITLE_LENGTH = 120;

  /** So much is looked at for a title, blanks included, which become one each. */
  private static final int TITLE_SOURCE = 2000;

  /** All instructions of Docker's reference, each with the flags that it may have. */
  public enum Keyword {
    ADD("--chown", "--chmod", "--link", "--exclude", "--checksum", "--unpack"),
    ARG,
    CMD,
    COPY("--from", "--chown", "--chmod", "--link", "--exclude", "--parents"),
    ENTRYPOINT,
    ENV,
    EXPOSE,
    FROM("--platform"),
    HEALTHCHECK("--interval", "--timeout", "--start-period", "--start-interval", "--retries"),
    LABEL,
    MAINTAINER,
    ONBUILD,
    RUN("--mount", "--network", "--security"),
    SHELL,
    STOPSIGNAL,
    USER,
    VOLUME,
    WORKDIR;

    /** With blanks between them. */
    private final String flags;

    Keyword(String... flags) {
      this.flags = String.join(" ", flags);
    }

    public List<String> flags() {
      return flags.isEmpty() ? List.of() : List.of(flags.split(" "));
    }
  }

  /** For people, on one line. */
  public String title() {
    StringBuilder all = new StringBuilder(keyword.name());
    flags.forEach(flag -> append(all, flag));
    append(all, arguments);
    String title = BLANKS.matcher(all).replaceAll(" ");
    return title.length() <= TITLE_LENGTH ? title : title.substring(0, TITLE_LENGTH - 1) + "…";
  }

  private static void append(StringBuilder title, Text more) {
    int room = Math.max(0, TITLE_SOURCE - title.length());
    title.append(' ').append(more.part(0, Math.min(more.length(), room)));
  }

  public String place() {
    return word.place();
  }

  /** What is wrong with the instruction as a whole. */
  public PaasException problem(Kind kind, String code, String what, String fix) {
    return word.problem(kind, code, what, fix);
  }

  /** Refuses an instruction without arguments. */
  public Text required(String example) {
    if (arguments.isEmpty()) {
      throw word.problem(
          Kind.INVALID,
          "dockerfile.no-arguments",
          word.length(),
          keyword + " needs an argument",
          "Write e.g. " + keyword + " " + example + ".");
    }
    return arguments;
  }

  /** Refuses every flag. */
  public Instruction withoutFlags() {
    for (Text flag : flags) {
      throw unsupported(flag);
    }
    return this;
  }

  /** Refuses a flag that this instruction does not have, or not with this value. */
  public PaasException unsupported(Text flag) {
    int equals = flag.indexOf('=');
    String name = Problem.printable((equals < 0 ? flag : flag.part(0, equals)).toString());
    List<String> known = keyword.flags();
    String fix =
        Nearest.to(name, known)
            .filter(near -> !near.equals(name))
            .map(near -> "Did you mean " + near + "?")
            .orElse("Remove the flag.");
    return flag.problem(
        Kind.INVALID,
        "dockerfile.unsupported-flag",
        keyword + " with " + name.toLowerCase(Locale.ROOT) + " is not supported",
        fix
            + " "
            + keyword
            + (known.isEmpty() ? " has no flags." : " knows " + String.join(", ", known) + "."));
  }
}
