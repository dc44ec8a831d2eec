package dev.paas.builder.dockerfile;

import dev.paas.base.name.PathPattern;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.builder.dockerfile.Assignments.Assignment;
import dev.paas.builder.plan.Environment;
import dev.paas.builder.plan.Graph;
import dev.paas.contract.runtime.CopyOp;
import dev.paas.contract.runtime.ExecOp;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns the instructions of one stage into nodes of the graph and into the image's config. */
final class StageTranslator {

  private static final Pattern SIGNAL = Pattern.compile("(SIG)?[A-Z][A-Z0-9+-]{1,11}|[1-9]\\d?");

  private final StageState state;
  private final Translation translation;
  private final int index;
  private final Graph graph;
  private final Bounds bounds;
  private final Expansion.Scope scope;

  StageTranslator(Translation translation, StageState state, int index) {
    this.translation = translation;
    this.state = state;
    this.index = index;
    this.graph = translation.graph();
    this.bounds = translation.bounds();
    this.scope = new Expansion.Scope(state::value, translation.escape(), bounds);
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
    List<String> argv = command(instruction, arguments);
    if (argv.isEmpty()) {
      throw arguments.problem(
          Kind.INVALID, "dockerfile.no-arguments", "RUN needs a command", "Write e.g. RUN make.");
    }
    Environment env = state.visible;
    if (env.get("PATH") == null) {
      env = env.copy().set("PATH", StageState.DEFAULT_PATH);
    }
    state.node =
        graph.exec(
            instruction.title(),
            ExecOp.newBuilder()
                .setInput(state.node)
                .addAllArgv(argv)
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
    List<Text> written =
        StringArray.of(arguments, bounds)
            .map(array -> array.stream().map(arguments::meaning).toList())
            .orElseGet(() -> arguments.fields(bounds));
    if (written.size() < 2) {
      throw arguments.problem(
          Kind.INVALID,
          "dockerfile.no-destination",
          instruction.keyword() + " needs a source and a destination",
          "Write e.g. " + instruction.keyword() + " file.txt ./.");
    }
    List<Text> sources = written.subList(0, written.size() - 1);
    destination(copy, written.get(sources.size()), sources.size());
    if (from == null) {
      copy.setFrom(translation.context()).addAllExcludes(translation.excludes());
    } else {
      copy.setFrom(translation.filesOf(from, index));
    }
    for (Text source : sources) {
      copy.addSources(source(instruction, source, from == null));
    }
    state.node = graph.copy(instruction.title(), copy);
  }

  /** As a pattern: what was escaped stays so, for whoever matches it with files. */
  private String source(Instruction instruction, Text written, boolean isLocal) {
    String word =
        bounds.written(Expansion.of(written, scope.keeping(PathPattern.SPECIAL)), written);
    String path = bounds.path(ContextPath.clean(word), written);
    Optional<String> mistake = PathPattern.mistake(path);
    if (mistake.isPresent()) {
      throw written.problem(
          Kind.INVALID,
          "dockerfile.bad-pattern",
          mistake.get(),
          "Close the bracket, or write [[] for the character itself.");
    }
    boolean isPattern = PathPattern.hasWildcard(path);
    if (isLocal && !state.hasReadUnknown()) {
      String literal = isPattern ? path : PathPattern.literal(path);
      if (instruction.keyword() == Instruction.Keyword.ADD) {
        translation.sources().added(written, word, literal, isPattern);
      } else if (!isPattern) {
        translation.sources().copied(written, literal);
      }
    }
    return path.isEmpty() ? "." : path;
  }

  private void destination(CopyOp.Builder copy, Text written, int sources) {
    String word = bounds.written(expand(written), written);
    String destination = bounds.path(ContextPath.destination(state.directory(), word), written);
    if (sources > 1 && !destination.endsWith("/")) {
      throw written.problem(
          Kind.INVALID,
          "dockerfile.destination-not-a-directory",
          "Several sources need a directory to go into",
          "End the destination with a slash: " + Problem.printable(word) + "/.");
    }
    copy.setDestination(destination);
  }

  private void env(Instruction instruction) {
    // All words of one ENV see the variables before it.
    Map<String, String> pairs = new LinkedHashMap<>();
    for (Assignment assignment : Assignments.of(instruction, scope)) {
      String name = Assignments.name(assignment.name(), scope);
      String value = expandOrEmpty(assignment.value());
      bounds.string(name + "=" + value, assignment.name());
      pairs.put(name, value);
    }
    pairs.forEach(state::setVariable);
    state.check(bounds, instruction.word());
  }

  private void arg(Instruction instruction) {
    for (Assignment assignment : Assignments.optional(instruction, scope)) {
      String name = Assignments.name(assignment.name(), scope);
      Text written = assignment.value();
      String value = written == null ? translation.arguments().get(name) : expand(written);
      if (value != null) {
        bounds.string(name + "=" + value, assignment.name());
        state.setVisible(name, value);
        state.check(bounds, assignment.name());
      }
    }
  }

  private void label(Instruction instruction) {
    for (Assignment assignment : Assignments.of(instruction, scope)) {
      String name = expand(assignment.name());
      if (name.isBlank()) {
        throw assignment
            .name()
            .problem(
                Kind.INVALID,
                "dockerfile.no-name",
                "The label has no name",
                "Write LABEL NAME=value.");
      }
      state.labels.set(name, expandOrEmpty(assignment.value()));
      state.check(bounds, assignment.name());
    }
  }

  private void maintainer(Instruction instruction) {
    state.labels.set("maintainer", instruction.required("NAME").toString());
    state.check(bounds, instruction.word());
  }

  private void workdir(Instruction instruction) {
    String path = bounds.written(expand(instruction.required("/app")), instruction.arguments());
    String directory =
        bounds.path(ContextPath.absolute(state.directory(), path), instruction.arguments());
    state.config.setWorkingDir(directory);
    if (!directory.equals("/")) {
      state.node =
          graph.makeDirectory(instruction.title(), state.node, directory, state.config.getUser());
    }
  }

  private void expose(Instruction instruction) {
    for (Text written : instruction.required("8080").fields(bounds)) {
      for (String word : Expansion.words(written, scope)) {
        ExposedPorts.of(written, word, bounds).forEach(port -> state.ports.set(port, ""));
        state.check(bounds, written);
      }
    }
  }

  private void volume(Instruction instruction) {
    Text arguments = instruction.required("/data");
    List<Text> words =
        StringArray.of(arguments, bounds)
            .map(array -> array.stream().map(arguments::meaning).toList())
            .orElseGet(() -> arguments.fields(bounds));
    for (Text word : words) {
      String volume = expand(word);
      if (volume.isBlank()) {
        throw word.problem(
            Kind.INVALID,
            "dockerfile.no-arguments",
            "The volume has no path",
            "Write e.g. VOLUME /data.");
      }
      state.volumes.set(volume, "");
    }
    state.check(bounds, instruction.word());
    translation.note(
        "VOLUME is recorded in the image; what an instance writes there is gone with the"
            + " instance.");
  }

  private void stopSignal(Instruction instruction) {
    Text arguments = instruction.required("SIGTERM");
    String signal = expand(arguments).toUpperCase(Locale.ROOT);
    if (!SIGNAL.matcher(signal).matches()) {
      throw arguments.problem(
          Kind.INVALID,
          "dockerfile.bad-signal",
          "This is not a signal",
          "Write a name or number, e.g. SIGTERM.");
    }
    state.config.setStopSignal(signal);
  }

  private void shell(Instruction instruction) {
    Text arguments = instruction.required("[\"/bin/bash\", \"-c\"]");
    List<String> shell = StringArray.of(arguments, bounds).orElse(List.of());
    if (shell.isEmpty()) {
      throw arguments.problem(
          Kind.INVALID,
          "dockerfile.bad-shell",
          "SHELL needs a JSON array of strings",
          "Write SHELL [\"/bin/bash\", \"-c\"].");
    }
    state.config.clearShell().addAllShell(shell);
    state.commandsChanged(bounds, instruction.word());
  }

  private void cmd(Instruction instruction) {
    state.config.clearCmd().addAllCmd(command(instruction, instruction.arguments()));
    state.hasOwnCommand = true;
    state.declaresCommand = true;
    state.commandsChanged(bounds, instruction.word());
  }

  private void entrypoint(Instruction instruction) {
    state.config.clearEntrypoint().addAllEntrypoint(command(instruction, instruction.arguments()));
    if (!state.hasOwnCommand) {
      state.config.clearCmd();
    }
    state.declaresCommand = true;
    state.commandsChanged(bounds, instruction.word());
  }

  /** The argument vector of the exec or the shell form. */
  private List<String> command(Instruction instruction, Text arguments) {
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
    List<String> argv = new ArrayList<>(state.shell());
    argv.add(arguments.toString());
    bounds.string(arguments.toString(), arguments);
    return argv;
  }

  private String expand(Text word) {
    return Expansion.of(word, scope);
  }

  private String expandOrEmpty(@Nullable Text word) {
    return word == null ? "" : expand(word);
  }
}
