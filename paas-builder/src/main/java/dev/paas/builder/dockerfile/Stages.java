package dev.paas.builder.dockerfile;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.builder.dockerfile.Assignments.Assignment;
import dev.paas.builder.dockerfile.Instruction.Keyword;
import dev.paas.builder.dockerfile.Parser.Parsed;
import dev.paas.builder.dockerfile.text.Bounds;
import dev.paas.builder.dockerfile.text.Expansion;
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

/** The stages of a Dockerfile, and which of them the last one needs. */
final class Stages {

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9._-]*");

  private final List<Stage> stages = new ArrayList<>();
  private final Map<String, Integer> names = new HashMap<>();
  private final BuildArguments arguments = new BuildArguments();
  private final Bounds bounds;
  private final Expansion.Scope scope;

  private Stages(char escape, Bounds bounds) {
    this.bounds = bounds;
    this.scope = new Expansion.Scope(arguments::get, escape, bounds);
  }

  /**
   * One FROM and what follows it.
   *
   * @param base the image, or the name of an earlier stage, expanded
   * @param baseText where it is written
   */
  record Stage(int index, Instruction from, String base, Text baseText, List<Instruction> body) {}

  static Stages of(Source source, Parsed parsed, Bounds bounds) {
    Stages stages = new Stages(parsed.escape(), bounds);
    for (Instruction instruction : parsed.instructions()) {
      stages.add(instruction);
    }
    if (stages.stages.isEmpty()) {
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
   * @param target its name or number; empty for the last of the file
   * @throws dev.paas.base.problem.PaasException {@code dockerfile.no-target}
   */
  void until(String target) {
    if (target.isEmpty()) {
      return;
    }
    int index = find(target, stages.size());
    if (index < 0) {
      throw Problem.of(
              Kind.INVALID,
              "dockerfile.no-target",
              "The Dockerfile has no stage of this name",
              target,
              "Name one of its stages: paas build:set target=NAME.")
          .asException();
    }
    stages.subList(index + 1, stages.size()).clear();
  }

  /** What escapes a character in this Dockerfile. */
  char escape() {
    return scope.escape();
  }

  BuildArguments arguments() {
    return arguments;
  }

  Stage last() {
    return stages.get(stages.size() - 1);
  }

  Stage get(int index) {
    return stages.get(index);
  }

  /** The index of the stage that {@code name} means in stage {@code before}; -1 for none. */
  int find(String name, int before) {
    Integer index = names.get(name.toLowerCase(Locale.ROOT));
    if (index == null && name.matches("\\d{1,4}")) {
      index = Integer.valueOf(name);
    }
    return index != null && index < before ? index : -1;
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
    Integer index = names.get(stage.base().toLowerCase(Locale.ROOT));
    return index != null && index < stage.index() ? index : -1;
  }

  private void add(Instruction instruction) {
    switch (instruction.keyword()) {
      case FROM -> stages.add(stage(instruction));
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
      arguments.set(name, value == null ? null : Expansion.of(value, scope));
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

  private void name(Text word, int index) {
    String name = word.toString().toLowerCase(Locale.ROOT);
    if (!NAME.matcher(name).matches()) {
      throw word.problem(
          Kind.INVALID,
          "dockerfile.bad-stage-name",
          "This is not a name for a stage",
          "Use a letter first, then letters, digits, dots, hyphens and underscores.");
    }
    if (names.putIfAbsent(name, index) != null) {
      throw word.problem(
          Kind.INVALID,
          "dockerfile.duplicate-stage",
          "There is a stage of this name already",
          "Give each stage a name of its own.");
    }
  }

  private void platform(Instruction from, Text flag) {
    if (!flag.startsWith("--platform=")) {
      throw from.unsupported(flag, "Remove the flag; FROM knows --platform only.");
    }
    String wanted = Expansion.of(flag.from("--platform=".length()), scope);
    if (!wanted.equals(BuildArguments.PLATFORM)
        && !("linux/" + wanted).equals(BuildArguments.PLATFORM)) {
      throw flag.problem(
          Kind.INVALID,
          "dockerfile.other-platform",
          "This host builds for " + BuildArguments.PLATFORM + " only",
          "Remove --platform, or write --platform=$TARGETPLATFORM.");
    }
  }
}
