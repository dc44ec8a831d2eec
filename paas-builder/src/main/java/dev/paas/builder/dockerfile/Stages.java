package dev.paas.builder.dockerfile;

import dev.paas.base.name.Nearest;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.builder.dockerfile.Assignments.Assignment;
import dev.paas.builder.dockerfile.lint.Check;
import dev.paas.builder.dockerfile.lint.Findings;
import dev.paas.builder.dockerfile.text.Bounds;
import dev.paas.builder.dockerfile.text.Expansion;
import dev.paas.builder.dockerfile.text.Instruction;
import dev.paas.builder.dockerfile.text.Instruction.Keyword;
import dev.paas.builder.dockerfile.text.Parser.Parsed;
import dev.paas.builder.dockerfile.text.Source;
import dev.paas.builder.dockerfile.text.Text;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The stages of a Dockerfile, and which of them the last one needs. */
final class Stages {

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9._-]*");

  private final List<Stage> stages = new ArrayList<>();

  /** The stages of each name, in the file's order: a later one takes it over. */
  private final Map<String, List<Integer>> names = new HashMap<>();

  private final BuildArguments arguments;
  private final Bounds bounds;
  private final Findings findings;
  private final Expansion.Scope scope;
  private boolean inFrom;

  /** The stage that is asked for; null for the last one. */
  private @Nullable Stage target;

  private Stages(char escape, Map<String, String> given, Bounds bounds, Findings findings) {
    this.arguments = new BuildArguments(given);
    this.bounds = bounds;
    this.findings = findings;
    this.scope = new Expansion.Scope(new Arguments(), escape, bounds);
  }

  /** What FROM and the arguments before the first of them see. */
  private final class Arguments implements Expansion.Variables {

    @Override
    public @Nullable String get(String name) {
      return arguments.get(name);
    }

    @Override
    public void missed(String name, Text at) {
      if (inFrom && !arguments.has(name)) {
        findings
            .warnings()
            .add(
                Check.UNDEFINED_ARG_IN_FROM,
                at,
                "no ARG before the first FROM declares "
                    + Problem.printable(name)
                    + Nearest.to(name, arguments.names())
                        .map(near -> ": did you mean " + near + "?")
                        .orElse(""));
      }
    }
  }

  /**
   * One FROM and what follows it.
   *
   * @param base the image, or the name of an earlier stage, expanded; empty when FROM is wrong
   * @param baseText where it is written
   */
  record Stage(int index, Instruction from, String base, Text baseText, List<Instruction> body) {

    boolean isBroken() {
      return base.isEmpty();
    }

    /** Where its first instruction stands in the file. */
    int offset() {
      return from.word().offset();
    }
  }

  /**
   * @param given values for ARGs
   */
  static Stages of(
      Source source, Parsed parsed, Map<String, String> given, Bounds bounds, Findings findings) {
    Stages stages = new Stages(parsed.escape(), given, bounds, findings);
    for (Instruction instruction : parsed.instructions()) {
      stages.add(instruction);
    }
    if (stages.stages.isEmpty()) {
      findings.mistakes().check(); // one of them may have been meant as FROM
      throw source.problem(
          Kind.INVALID,
          "dockerfile.no-from",
          source.text().length(),
          "There is no FROM",
          "",
          "Begin with FROM and a base image, e.g. FROM debian:bookworm-slim.");
    }
    return stages;
  }

  /**
   * Takes a stage for the last one: what comes after it is not built.
   *
   * @param wanted its name or number; empty for the last of the file
   * @throws dev.paas.base.problem.PaasException {@code dockerfile.no-target}
   */
  void until(String wanted) {
    if (wanted.isEmpty()) {
      return;
    }
    int index = find(wanted, stages.size());
    if (index < 0) {
      throw Problem.of(
              Kind.INVALID,
              "dockerfile.no-target",
              "The Dockerfile has no stage of this name",
              wanted,
              "Name one of its stages: paas build:set target=NAME.")
          .asException();
    }
    target = stages.get(index);
  }

  /** What escapes a character in this Dockerfile. */
  char escape() {
    return scope.escape();
  }

  BuildArguments arguments() {
    return arguments;
  }

  /** The stage that is built: the one asked for, else the last of the file. */
  Stage last() {
    return target == null ? stages.get(stages.size() - 1) : target;
  }

  Stage get(int index) {
    return stages.get(index);
  }

  /** The index of the stage that {@code name} means in stage {@code before}; -1 for none. */
  int find(String name, int before) {
    int named = named(name, before);
    if (named < 0 && name.matches("\\d{1,4}") && Integer.parseInt(name) < before) {
      return Integer.parseInt(name);
    }
    return named;
  }

  /** The last stage of this name that ends before {@code before} begins; -1 for none. */
  private int named(String name, int before) {
    return names.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream()
        .filter(index -> index < before)
        .reduce((first, second) -> second)
        .orElse(-1);
  }

  /** The index of the stage in which an offset of the file lies; -1 before the first. */
  int at(int offset) {
    int index = stages.size() - 1;
    while (index >= 0 && stages.get(index).offset() > offset) {
      index--;
    }
    return index;
  }

  List<String> names() {
    return List.copyOf(names.keySet());
  }

  /**
   * The stages that the last one needs, itself included, in the order of the file.
   *
   * @param triggers what the bases of stages ask for, by the stage's index
   */
  List<Stage> needed(Map<Integer, List<Instruction>> triggers) {
    BitSet needed = new BitSet();
    needed.set(last().index());
    // A stage needs earlier ones only, so each is decided when its turn comes.
    for (int i = last().index(); i >= 0; i--) {
      if (needed.get(i)) {
        needs(stages.get(i), triggers.getOrDefault(i, List.of())).forEach(needed::set);
      }
    }
    return needed.stream().mapToObj(stages::get).toList();
  }

  private IntStream needs(Stage stage, List<Instruction> triggers) {
    IntStream read =
        Stream.concat(triggers.stream(), stage.body().stream())
            .flatMap(Stages::reads)
            .mapToInt(name -> find(name, stage.index()));
    return IntStream.concat(IntStream.of(baseOf(stage)), read).filter(index -> index >= 0);
  }

  /** The stages or images whose files an instruction reads. */
  private static Stream<String> reads(Instruction instruction) {
    return switch (instruction.keyword()) {
      case COPY ->
          instruction.flags().stream()
              .filter(flag -> flag.startsWith("--from="))
              .map(flag -> flag.from("--from=".length()).toString());
      case RUN -> instruction.flags().stream().flatMap(flag -> MountOptions.from(flag).stream());
      default -> Stream.empty();
    };
  }

  /** The index of the stage that this one is based on; -1 for an image. Numbers are images here. */
  int baseOf(Stage stage) {
    return named(stage.base(), stage.index());
  }

  private void add(Instruction instruction) {
    try {
      take(instruction);
    } catch (PaasException mistake) {
      inFrom = false;
      findings.mistakes().add(mistake, instruction.word().offset());
      if (instruction.keyword() != Keyword.ARG) {
        // What follows is looked at nevertheless, as if it began with an unknown image.
        stages.add(
            new Stage(stages.size(), instruction, "", instruction.word(), new ArrayList<>()));
      }
    }
  }

  private void take(Instruction instruction) {
    switch (instruction.keyword()) {
      case FROM -> {
        inFrom = true;
        stages.add(stage(instruction));
        inFrom = false;
      }
      default -> {
        if (!stages.isEmpty()) {
          last().body().add(instruction);
        } else if (instruction.keyword() == Keyword.ARG) {
          global(instruction.withoutFlags());
        } else {
          throw instruction.problem(
              Kind.INVALID,
              "dockerfile.no-from",
              instruction.keyword() + " stands before the first FROM",
              "Begin with FROM and a base image; only ARG may stand before it.");
        }
      }
    }
  }

  private void global(Instruction instruction) {
    for (Assignment arg : Assignments.optional(instruction, scope)) {
      Text value = arg.value();
      String name = Assignments.name(arg.name(), scope);
      @Nullable String given = arguments.given(name);
      String written = value == null ? null : Expansion.of(value, scope);
      arguments.set(name, given == null ? written : given);
      bounds.entries(arguments.size(), "arguments", arg.name());
      bounds.config(arguments.bytes(), arg.name());
    }
  }

  private Stage stage(Instruction from) {
    for (Text flag : from.flags()) {
      platform(from, flag);
    }
    List<Text> words = from.required("debian:bookworm-slim").fields(bounds);
    boolean named =
        words.size() == 3 && words.get(1).toString().toUpperCase(Locale.ROOT).equals("AS");
    if (words.size() != 1 && !named) {
      throw words
          .get(1)
          .problem(
              Kind.INVALID,
              "dockerfile.bad-from",
              "FROM takes one image and perhaps a name",
              "Write FROM image, or FROM image AS name.");
    }
    String base = Expansion.of(words.get(0), scope);
    checkDefaults(words.get(0), base);
    if (base.isEmpty()) {
      throw words
          .get(0)
          .problem(
              Kind.INVALID,
              "dockerfile.bad-from",
              "The name of the base image is empty",
              "Give its variable a default: ARG NAME=value before FROM.");
    }
    int index = stages.size();
    bounds.stages(index + 1, words.get(0));
    Stage stage = new Stage(index, from, base, words.get(0), new ArrayList<>());
    if (named) {
      name(words.get(2), index);
    }
    return stage;
  }

  private void checkDefaults(Text written, String base) {
    if (written.indexOf('$') >= 0 && (base.isEmpty() || base.endsWith(":"))) {
      findings
          .warnings()
          .add(
              Check.INVALID_DEFAULT_ARG_IN_FROM,
              written,
              "the defaults of the arguments make no name of an image");
    }
  }

  private void name(Text word, int index) {
    String name = word.toString().toLowerCase(Locale.ROOT);
    if (!NAME.matcher(name).matches()) {
      throw word.problem(
          Kind.INVALID,
          "dockerfile.bad-stage-name",
          "This is not a name for a stage",
          "Use a letter first, then letters, digits, dots, hyphens and underscores.");
    }
    names.computeIfAbsent(name, key -> new ArrayList<>()).add(index);
  }

  private void platform(Instruction from, Text flag) {
    if (!flag.startsWith("--platform=")) {
      throw from.unsupported(flag);
    }
    String wanted = Expansion.of(flag.from("--platform=".length()), scope);
    if (!BuildArguments.isPlatform(wanted)) {
      throw flag.problem(
          Kind.INVALID,
          "dockerfile.other-platform",
          "This host builds for " + BuildArguments.PLATFORM + " only",
          "Remove --platform, or write --platform=$TARGETPLATFORM.");
    }
  }
}
