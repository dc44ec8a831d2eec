package dev.paas.builder.dockerfile.lint;

import dev.paas.base.problem.Problem;
import dev.paas.builder.dockerfile.text.Instruction;
import dev.paas.builder.dockerfile.text.Instruction.Keyword;
import dev.paas.builder.dockerfile.text.Parser.Parsed;
import dev.paas.builder.dockerfile.text.Source;
import dev.paas.builder.dockerfile.text.Text;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The checks that need no more than what is written. */
public final class FileChecks {

  /** Docker's: the whole name, its first or its last word, or one between underscores. */
  private static final Pattern SECRET =
      Pattern.compile(
          "(?i)(?:_|^)(?:apikey|auth|credentials?|key|password|pword|passwd|secret|token)(?:_|$)");

  private static final Pattern NO_SECRET =
      Pattern.compile("(?i)(?:_|^)(?:public|file|version)(?:_|$)");

  private static final Set<String> RESERVED = Set.of("scratch", "context");

  private static final Set<Keyword> ONCE =
      Set.of(Keyword.CMD, Keyword.ENTRYPOINT, Keyword.HEALTHCHECK);

  private final Source source;
  private final Parsed parsed;
  private final Warnings warnings;
  private final boolean mostlyLower;

  /** Of the stage that is looked at. */
  private final Map<Keyword, Instruction> latest = new EnumMap<>(Keyword.class);

  private final Set<String> stages = new HashSet<>();

  private FileChecks(Source source, Parsed parsed, Warnings warnings) {
    this.source = source;
    this.parsed = parsed;
    this.warnings = warnings;
    long lower = parsed.instructions().stream().filter(each -> isLower(each.word())).count();
    long upper = parsed.instructions().stream().filter(each -> isUpper(each.word())).count();
    this.mostlyLower = lower > upper;
  }

  public static void run(Source source, Parsed parsed, Warnings warnings) {
    FileChecks checks = new FileChecks(source, parsed, warnings);
    for (Text word : parsed.interrupted()) {
      warnings.add(
          Check.NO_EMPTY_CONTINUATION,
          word,
          "there is an empty line inside of this instruction: remove it");
    }
    parsed.instructions().forEach(checks::check);
  }

  private void check(Instruction instruction) {
    casing(instruction);
    switch (instruction.keyword()) {
      case FROM -> from(instruction);
      case ARG, ENV -> {
        if (instruction.keyword() == Keyword.ARG) {
          described(instruction, nameOf(instruction.arguments().firstWord().get(0)));
        }
        legacy(instruction);
        secrets(instruction);
      }
      case LABEL -> legacy(instruction);
      case CMD, ENTRYPOINT -> shellForm(instruction);
      case MAINTAINER ->
          warnings.add(
              Check.MAINTAINER_DEPRECATED,
              instruction.word(),
              "MAINTAINER is out of use: write LABEL org.opencontainers.image.authors=\"…\"");
      case EXPOSE -> instruction.arguments().forEachWord(parsed.escape(), this::port);
      default -> {}
    }
    Instruction before = latest.put(instruction.keyword(), instruction);
    if (before != null && ONCE.contains(instruction.keyword())) {
      warnings.add(
          Check.MULTIPLE_INSTRUCTIONS_DISALLOWED,
          before.word(),
          "this " + instruction.keyword() + " has no effect: there is a later one in the stage");
    }
  }

  private void casing(Instruction instruction) {
    if (mostlyLower ? !isLower(instruction.word()) : !isUpper(instruction.word())) {
      warnings.add(
          Check.CONSISTENT_INSTRUCTION_CASING,
          instruction.word(),
          "most of this file's instructions are written in "
              + (mostlyLower ? "small" : "capital")
              + " letters, this one is not");
    }
  }

  private void from(Instruction from) {
    latest.clear();
    List<Text> as = from.arguments().firstWord().get(1).firstWord();
    Text stage = as.get(1);
    from.flags().forEach(flag -> platform(flag, stage.toString()));
    if (stage.isEmpty()) {
      return;
    }
    if ((isLower(as.get(0)) && isUpper(from.word()))
        || (isUpper(as.get(0)) && isLower(from.word()))) {
      warnings.add(Check.FROM_AS_CASING, as.get(0), "FROM and AS are not written in the same case");
    }
    String name = stage.toString();
    String shown = Problem.printable(name);
    if (!isLower(stage)) {
      warnings.add(
          Check.STAGE_NAME_CASING,
          stage,
          "write the name of the stage " + shown + " in small letters");
    }
    if (RESERVED.contains(name.toLowerCase(Locale.ROOT))) {
      warnings.add(
          Check.RESERVED_STAGE_NAME, stage, shown + " has a meaning of its own: choose another");
    }
    if (!stages.add(name.toLowerCase(Locale.ROOT))) {
      warnings.add(
          Check.DUPLICATE_STAGE_NAME, stage, "there is a stage " + shown + " before this one");
    }
    described(from, name);
  }

  private void platform(Text flag, String stage) {
    if (!flag.startsWith("--platform=")) {
      return;
    }
    String value = flag.from("--platform=".length()).toString();
    if (value.equals("$TARGETPLATFORM") || value.equals("${TARGETPLATFORM}")) {
      warnings.add(
          Check.REDUNDANT_TARGET_PLATFORM, flag, "remove this flag: it says what is so anyway");
    } else if (value.indexOf('$') < 0
        && Arrays.stream(value.split("/")).noneMatch(stage::contains)) {
      warnings.add(
          Check.FROM_PLATFORM_FLAG_CONST_DISALLOWED,
          flag,
          "a fixed platform builds on hosts of that kind only: write $BUILDPLATFORM, or nothing");
    }
  }

  private void legacy(Instruction instruction) {
    Text first = instruction.arguments().firstWord().get(0);
    if (instruction.keyword() != Keyword.ARG && !first.isEmpty() && first.indexOf('=') < 0) {
      warnings.add(
          Check.LEGACY_KEY_VALUE_FORMAT,
          instruction.word(),
          "write "
              + instruction.keyword()
              + " "
              + Problem.printable(first.toString())
              + "=value, with an equals sign");
    }
  }

  private void secrets(Instruction instruction) {
    Text first = instruction.arguments().firstWord().get(0);
    boolean oneName = instruction.keyword() == Keyword.ENV && first.indexOf('=') < 0;
    if (oneName) {
      secret(instruction, first);
    } else {
      instruction.arguments().forEachWord(parsed.escape(), word -> secret(instruction, word));
    }
  }

  private void secret(Instruction instruction, Text word) {
    String name = nameOf(word);
    if (SECRET.matcher(name).find() && !NO_SECRET.matcher(name).find()) {
      warnings.add(
          Check.SECRETS_USED_IN_ARG_OR_ENV,
          word,
          "a secret in "
              + instruction.keyword()
              + " stays in the image for everybody to read: "
              + Problem.printable(name));
    }
  }

  private static String nameOf(Text word) {
    int equals = word.indexOf('=');
    return (equals < 0 ? word : word.part(0, equals)).toString();
  }

  private void shellForm(Instruction instruction) {
    Text arguments = instruction.arguments();
    if (!arguments.isEmpty() && !arguments.startsWith("[") && !latest.containsKey(Keyword.SHELL)) {
      warnings.add(
          Check.JSON_ARGS_RECOMMENDED,
          instruction.word(),
          "write "
              + instruction.keyword()
              + " as an array, [\"program\", \"argument\"], so that no shell stands between the"
              + " program and its signals");
    }
  }

  private void port(Text word) {
    String port = word.toString();
    int slash = port.indexOf('/');
    if (port.indexOf('$') >= 0) {
      return;
    }
    if (slash >= 0 && !isLower(word.from(slash))) {
      warnings.add(
          Check.EXPOSE_PROTO_CASING, word, "write the protocol of the port in small letters");
    }
    if (port.indexOf(':') >= 0) {
      warnings.add(
          Check.EXPOSE_INVALID_FORMAT,
          word,
          "only the port of the container counts here: leave out what stands before it");
    }
  }

  /** A comment on the line above is taken for the description of what follows. */
  private void described(Instruction instruction, String name) {
    String text = source.text();
    int line = text.lastIndexOf('\n', instruction.word().offset()) + 1;
    int above = line < 2 ? 0 : text.lastIndexOf('\n', line - 2) + 1;
    if (line == 0 || above < parsed.directives().end() || name.isEmpty()) {
      return;
    }
    String comment = text.substring(above, line - 1).strip();
    String words = comment.startsWith("#") ? comment.substring(1).strip() : "";
    if (!words.isEmpty() && !words.startsWith(name + " ")) {
      warnings.add(
          Check.INVALID_DEFINITION_DESCRIPTION,
          instruction.word(),
          "begin the comment above with # "
              + Problem.printable(name)
              + ", or put an empty line behind it");
    }
  }

  private static boolean isLower(Text word) {
    return word.toString().equals(word.toString().toLowerCase(Locale.ROOT));
  }

  private static boolean isUpper(Text word) {
    return word.toString().equals(word.toString().toUpperCase(Locale.ROOT));
  }
}
