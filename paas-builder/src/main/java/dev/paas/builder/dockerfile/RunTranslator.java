package dev.paas.builder.dockerfile;

import dev.paas.base.problem.Problem.Kind;
import dev.paas.builder.dockerfile.text.Heredoc;
import dev.paas.builder.dockerfile.text.Instruction;
import dev.paas.builder.dockerfile.text.Text;
import dev.paas.builder.plan.Environment;
import dev.paas.builder.source.GeneratedTree;
import dev.paas.contract.runtime.CopyOp;
import dev.paas.contract.runtime.ExecMount;
import dev.paas.contract.runtime.ExecOp;
import java.io.IOException;
import java.util.List;

/** RUN: a step of the graph, with what it sees beside the stage's files. */
final class RunTranslator {

  /** Where BuildKit shows a document that is a script of its own. */
  private static final String SCRIPTS = "/dev/pipes";

  private final StageState state;
  private final Translation translation;
  private final MountTranslator mounts;
  private final ShellForm commands;

  RunTranslator(StageState state, Translation translation, MountTranslator mounts) {
    this.state = state;
    this.translation = translation;
    this.mounts = mounts;
    this.commands = new ShellForm(state, translation);
  }

  void translate(Instruction instruction) throws IOException {
    ExecOp.Builder exec = ExecOp.newBuilder().setInput(state.node);
    for (Text flag : instruction.flags()) {
      if (flag.startsWith("--mount=")) {
        mounts.add(exec, flag);
      } else if (flag.startsWith("--network=")) {
        exec.setWithoutNetwork(isNone(flag));
      } else if (!flag.toString().equals("--security=sandbox")) {
        throw instruction.unsupported(flag);
      }
    }
    Text arguments = instruction.required("make");
    List<String> argv =
        instruction.documents().isEmpty()
            ? commands.argv(instruction, arguments)
            : commands.ofShell(command(exec, instruction), arguments);
    if (argv.isEmpty()) {
      throw arguments.problem(
          Kind.INVALID, "dockerfile.no-arguments", "RUN needs a command", "Write e.g. RUN make.");
    }
    Environment env = state.visible;
    if (env.get("PATH") == null) {
      env = env.copy().set("PATH", StageState.DEFAULT_PATH);
    }
    state.node =
        translation
            .graph()
            .exec(
                instruction.title(),
                exec.addAllArgv(argv)
                    .addAllEnv(env.entries())
                    .setWorkingDir(state.directory())
                    .setUser(state.config.getUser()));
  }

  private static boolean isNone(Text flag) {
    String network = flag.from("--network=".length()).toString();
    if (!network.equals("none") && !network.equals("default")) {
      throw flag.problem(
          Kind.INVALID,
          "dockerfile.bad-network",
          "A step has the network of builds, or none",
          "Write --network=none, or remove the flag; the host's network is not for builds.");
    }
    return network.equals("none");
  }

  /**
   * What the shell is given. A document alone is the command itself; next to other words it is the
   * shell's to read.
   */
  private String command(ExecOp.Builder exec, Instruction instruction) {
    Text arguments = instruction.arguments();
    Heredoc first = instruction.documents().get(0);
    if (Heredoc.opening(arguments).isEmpty()) {
      StringBuilder all = new StringBuilder(arguments.toString());
      instruction.documents().forEach(document -> all.append('\n').append(document.written()));
      return all.toString();
    }
    return first.isScript() ? script(exec, instruction, first) : first.content();
  }

  /** Shows the script to the step, and answers with its path. */
  private String script(ExecOp.Builder exec, Instruction instruction, Heredoc document) {
    String name = document.fileName(instruction.arguments(), translation.bounds());
    mounts.room(exec, instruction.arguments());
    String tree = translation.graph().tree(GeneratedTree.ofScript(name, document.content()), "");
    String files =
        translation
            .graph()
            .copy(
                "",
                CopyOp.newBuilder()
                    .setInput(translation.graph().image("", ""))
                    .setFrom(tree)
                    .addSources(".")
                    .setDestination(MountTranslator.BOUND));
    exec.addMounts(
        ExecMount.newBuilder()
            .setTarget(SCRIPTS)
            .setBind(ExecMount.Bind.newBuilder().setFrom(files).setPath(MountTranslator.BOUND)));
    return SCRIPTS + "/" + name;
  }
}
