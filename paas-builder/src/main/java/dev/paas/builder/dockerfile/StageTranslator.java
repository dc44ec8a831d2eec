package dev.paas.builder.dockerfile;

import dev.paas.builder.dockerfile.Assignments.Assignment;
import dev.paas.builder.plan.Environment;
import dev.paas.builder.plan.Graph;
import dev.paas.contract.runtime.CopyOp;
import dev.paas.contract.runtime.ExecOp;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns the instructions of one stage into nodes of the graph and into the image's config. */
final class StageTranslator {

  private static final Pattern SIGNAL = Pattern.compile("(SIG)?[A-Z][A-Z0-9+-]{1,11}|[1-9]\\d?");

  private final StageState state;
  private final Translation translation;
  private final int index;
  private final char escape;
  private final Graph graph;

  StageTranslator(Translation translation, StageState state, int index) {
    this.translation = translation;
    this.state = state;
    this.index = index;
    this.escape = translation.escape();
    this.graph = translation.graph();
  }

  void translate(Instruction instruction) throws IOException {
    if (instruction.keyword() != Instruction.Keyword.COPY
        && instruction.keyword() != Instruction.Keyword.ADD) {
      instruction.withoutFlags();
    }
    switch (instruction.keyword()) {
      case RUN -> run(instruction);
      case COPY, ADD -> copy(instruction);
      case ENV -> env(instruction);
      case ARG -> arg(instruction);
      case LABEL -> label(instruction);
      case MAINTAINER -> maintainer(instruction);
      case WORKDIR -> workdir(instruction);
      case USER -> state.config.setUser(expand(instruction.required("app")));
      case EXPOSE -> expose(instruction);
      case VOLUME -> volume(instruction);
      case STOPSIGNAL -> stopSignal(instruction);
      case SHELL -> shell(instruction);
      case CMD -> cmd(instruction);
      case ENTRYPOINT -> entrypoint(instruction);
      case FROM, HEALTHCHECK, ONBUILD ->
          throw new IllegalStateException(instruction.keyword() + " is not for a stage");
    }
  }

  private void run(Instruction instruction) {
    Text arguments = instruction.required("make");
    Environment env = state.visible.copy().setIfAbsent("PATH", StageState.DEFAULT_PATH);
    state.node =
        graph.exec(
            instruction.title(),
            ExecOp.newBuilder()
                .setInput(state.node)
                .addAllArgv(command(instruction, arguments))
                .addAllEnv(env.entries())
                .setWorkingDir(state.directory())
                .setUser(state.config.getUser()));
  }

  private void copy(Instruction instruction) throws IOException {
    Text arguments = instruction.required("file.txt ./");
    CopyOp.Builder copy = CopyOp.newBuilder().setInput(state.node);
    Text from = null;
    for (Text flag : instruction.flags()) {
      if (flag.startsWith("--chown=")) {
        copy.setOwner(expand(flag.from("--chown=".length())));
      } else if (flag.startsWith("--from=") && instruction.keyword() == Instruction.Keyword.COPY) {
        from = flag.from("--from=".length());
      } else {
        throw instruction.unsupported(
            flag, "Remove the flag; COPY knows --from and --chown, ADD knows --chown.");
      }
    }
    List<Text> written = new ArrayList<>(arguments.fields());
    List<String> words = new ArrayList<>();
    Optional<List<String>> array = StringArray.of(arguments);
    if (array.isPresent()) {
      words.addAll(array.get());
      written.clear();
      words.forEach(word -> written.add(arguments));
    } else {
      written.forEach(word -> words.add(expand(word)));
    }
    if (words.size() < 2) {
      throw arguments.problem(
          "dockerfile.no-destination",
          instruction.keyword() + " needs a source and a destination",
          "Write e.g. " + instruction.keyword() + " file.txt ./.");
    }
    destination(copy, words.remove(words.size() - 1), written.get(words.size()), words.size());
    if (from == null) {
      copy.setFrom(translation.context()).addAllExcludes(translation.excludes());
    } else {
      copy.setFrom(translation.filesOf(from, index));
    }
    for (int i = 0; i < words.size(); i++) {
      copy.addSources(source(instruction, written.get(i), words.get(i), from == null));
    }
    state.node = graph.copy(instruction.title(), copy);
  }

  private String source(Instruction instruction, Text written, String word, boolean isLocal)
      throws IOException {
    String path = ContextPath.clean(word);
    if (isLocal) {
      if (instruction.keyword() == Instruction.Keyword.ADD) {
        translation.sources().mustBePlain(written, word, path);
      }
      translation.sources().mustExist(written, path);
    }
    return path.isEmpty() ? "." : path;
  }

  private void destination(CopyOp.Builder copy, String word, Text written, int sources) {
    String destination = ContextPath.destination(state.directory(), word);
    if (sources > 1 && !destination.endsWith("/")) {
      throw written.problem(
          "dockerfile.destination-not-a-directory",
          "Several sources need a directory to go into",
          "End the destination with a slash: " + word + "/.");
    }
    copy.setDestination(destination);
  }

  private void env(Instruction instruction) {
    // All words of one ENV see the variables before it.
    List<String[]> pairs = new ArrayList<>();
    for (Assignment assignment : Assignments.of(instruction, escape)) {
      pairs.add(new String[] {expand(assignment.name()), expandOrEmpty(assignment.value())});
    }
    for (String[] pair : pairs) {
      state.env.set(pair[0], pair[1]);
      state.visible.set(pair[0], pair[1]);
    }
  }

  private void arg(Instruction instruction) {
    for (Assignment assignment : Assignments.optional(instruction, escape)) {
      String name = expand(assignment.name());
      Text written = assignment.value();
      String value = written == null ? translation.arguments().get(name) : expand(written);
      if (value != null) {
        state.visible.set(name, value);
      }
    }
  }

  private void label(Instruction instruction) {
    for (Assignment assignment : Assignments.of(instruction, escape)) {
      state.config.putLabels(expand(assignment.name()), expandOrEmpty(assignment.value()));
    }
  }

  private void maintainer(Instruction instruction) {
    state.config.putLabels("maintainer", instruction.required("NAME").toString());
  }

  private void workdir(Instruction instruction) {
    String path = expand(instruction.required("/app"));
    String directory = ContextPath.absolute(state.directory(), path);
    state.config.setWorkingDir(directory);
    if (!directory.equals("/")) {
      state.node =
          graph.makeDirectory(instruction.title(), state.node, directory, state.config.getUser());
    }
  }

  private void expose(Instruction instruction) {
    Text arguments = instruction.required("8080");
    for (String word : Expansion.words(arguments, state.visible::get, escape)) {
      for (String port : ExposedPorts.of(arguments, word)) {
        if (!state.config.getExposedPortsList().contains(port)) {
          state.config.addExposedPorts(port);
        }
      }
    }
  }

  private void volume(Instruction instruction) {
    Text arguments = instruction.required("/data");
    List<String> volumes = new ArrayList<>();
    Optional<List<String>> array = StringArray.of(arguments);
    if (array.isPresent()) {
      volumes.addAll(array.get());
    } else {
      arguments.words(escape).forEach(word -> volumes.add(expand(word)));
    }
    for (String volume : volumes) {
      if (!state.config.getVolumesList().contains(volume)) {
        state.config.addVolumes(volume);
      }
    }
    translation.note(
        instruction.place()
            + " VOLUME is recorded in the image; what an instance writes there is gone with the"
            + " instance.");
  }

  private void stopSignal(Instruction instruction) {
    Text arguments = instruction.required("SIGTERM");
    String signal = expand(arguments).toUpperCase(Locale.ROOT);
    if (!SIGNAL.matcher(signal).matches()) {
      throw arguments.problem(
          "dockerfile.bad-signal", "This is not a signal", "Write a name or number, e.g. SIGTERM.");
    }
    state.config.setStopSignal(signal);
  }

  private void shell(Instruction instruction) {
    Text arguments = instruction.required("[\"/bin/bash\", \"-c\"]");
    List<String> shell = StringArray.of(arguments).orElse(List.of());
    if (shell.isEmpty()) {
      throw arguments.problem(
          "dockerfile.bad-shell",
          "SHELL needs a JSON array of strings",
          "Write SHELL [\"/bin/bash\", \"-c\"].");
    }
    state.config.clearShell().addAllShell(shell);
  }

  private void cmd(Instruction instruction) {
    state.config.clearCmd().addAllCmd(command(instruction, instruction.arguments()));
    state.hasOwnCommand = true;
  }

  private void entrypoint(Instruction instruction) {
    state.config.clearEntrypoint().addAllEntrypoint(command(instruction, instruction.arguments()));
    if (!state.hasOwnCommand) {
      state.config.clearCmd();
    }
  }

  /** The argument vector of the exec or the shell form. */
  private List<String> command(Instruction instruction, Text arguments) {
    Optional<List<String>> array = StringArray.of(arguments);
    if (array.isPresent()) {
      return array.get();
    }
    if (arguments.isEmpty()) {
      return List.of();
    }
    if (StringArray.isMisspelt(arguments)) {
      translation.note(
          instruction.place()
              + " looks like the exec form but is not JSON (strings need double quotes), so a"
              + " shell runs it.");
    }
    List<String> argv = new ArrayList<>(state.shell());
    argv.add(arguments.toString());
    return argv;
  }

  private String expand(Text word) {
    return Expansion.of(word, state.visible::get, escape);
  }

  private String expandOrEmpty(@Nullable Text word) {
    return word == null ? "" : expand(word);
  }
}
