package dev.paas.builder.dockerfile;

import dev.paas.builder.dockerfile.text.Bounds;
import dev.paas.builder.dockerfile.text.Instruction;
import dev.paas.builder.dockerfile.text.StringArray;
import dev.paas.builder.dockerfile.text.Text;
import java.util.ArrayList;
import java.util.List;

/** Commands of RUN, CMD, ENTRYPOINT and HEALTHCHECK: an array is executed, text goes to a shell. */
final class ShellForm {

  private final StageState state;
  private final Translation translation;
  private final Bounds bounds;

  ShellForm(StageState state, Translation translation) {
    this.state = state;
    this.translation = translation;
    this.bounds = translation.bounds();
  }

  /** The argument vector of the exec or the shell form; empty when nothing is written. */
  List<String> argv(Instruction instruction, Text arguments) {
    List<String> array = StringArray.of(arguments, bounds).orElse(null);
    if (array != null) {
      array.forEach(string -> bounds.string(string, arguments));
      return array;
    }
    if (arguments.isEmpty()) {
      return List.of();
    }
    if (StringArray.isMisspelt(arguments, array)) {
      translation.note(
          instruction.place()
              + " looks like the exec form but is not JSON (strings need double quotes), so a"
              + " shell runs it.");
    }
    return ofShell(arguments.toString(), arguments);
  }

  /** What the stage's shell runs. */
  List<String> ofShell(String command, Text at) {
    List<String> argv = new ArrayList<>(state.shell());
    argv.add(command);
    bounds.string(command, at);
    return argv;
  }
}
