package dev.paas.builder.dockerfile;

import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.builder.dockerfile.text.Bounds;
import dev.paas.builder.dockerfile.text.Instruction;
import dev.paas.builder.dockerfile.text.Instruction.Keyword;
import dev.paas.builder.dockerfile.text.Parser;
import dev.paas.builder.dockerfile.text.Source;
import dev.paas.builder.dockerfile.text.Text;
import java.util.List;
import java.util.Locale;

/** ONBUILD: instructions that an image has for those that begin with it. */
final class Triggers {

  private static final List<Keyword> NEVER =
      List.of(Keyword.ONBUILD, Keyword.FROM, Keyword.MAINTAINER);

  private Triggers() {}

  /** The instruction that is kept, with its documents. */
  static String text(Instruction onBuild) {
    Text arguments = onBuild.withoutFlags().required("RUN make");
    Text name = arguments.firstWord().get(0);
    String keyword = name.toString().toUpperCase(Locale.ROOT);
    for (Keyword never : NEVER) {
      if (keyword.equals(never.name())) {
        throw name.problem(
            Kind.INVALID,
            "dockerfile.bad-trigger",
            never + " can't be an ONBUILD instruction",
            "Write it without ONBUILD.");
      }
    }
    Parser.keyword(name);
    StringBuilder text = new StringBuilder(arguments.toString());
    onBuild.documents().forEach(document -> text.append('\n').append(document.written()));
    return text.toString();
  }

  /**
   * Reads what a base image asks for.
   *
   * @param triggers as its config has them
   * @param image where they come from, for messages
   */
  static List<Instruction> parse(List<String> triggers, String image, Bounds bounds) {
    List<Instruction> all = new java.util.ArrayList<>();
    for (String trigger : triggers) {
      Source source = new Source("ONBUILD of " + image, trigger);
      for (Instruction instruction : Parser.parse(source, bounds).instructions()) {
        if (NEVER.contains(instruction.keyword())) {
          throw bad(instruction);
        }
        all.add(instruction);
      }
    }
    return List.copyOf(all);
  }

  private static PaasException bad(Instruction instruction) {
    return instruction.problem(
        Kind.INVALID,
        "dockerfile.bad-trigger",
        instruction.keyword() + " can't be an ONBUILD instruction",
        "Use another base image.");
  }
}
