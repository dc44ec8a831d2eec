package dev.paas.builder.dockerfile;

import dev.paas.base.name.Nearest;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.builder.dockerfile.Assignments.Assignment;
import dev.paas.builder.dockerfile.lint.Check;
import dev.paas.builder.dockerfile.text.Bounds;
import dev.paas.builder.dockerfile.text.Expansion;
import dev.paas.builder.dockerfile.text.Instruction;
import dev.paas.builder.dockerfile.text.StringArray;
import dev.paas.builder.dockerfile.text.Text;
import dev.paas.builder.plan.Graph;
import dev.paas.contract.runtime.HealthCheck;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns the instructions of one stage into nodes of the graph and into the image's config. */
final class StageTranslator {

  /** Of signal(7), as Docker knows them. */
  private static final Pattern SIGNAL =
      Pattern.compile(
          "(SIG)?(ABRT|ALRM|BUS|CHLD|CLD|CONT|FPE|HUP|ILL|INT|IO|IOT|KILL|PIPE|POLL|PROF|PWR|QUIT"
              + "|RTMIN(\\+([1-9]|1[0-5]))?|RTMAX(-([1-9]|1[0-4]))?|SEGV|STKFLT|STOP|SYS|TERM|TRAP"
              + "|TSTP|TTIN|TTOU|URG|USR1|USR2|VTALRM|WINCH|XCPU|XFSZ)|[1-9]\\d?");

  private final StageState state;
  private final Translation translation;
  private final Graph graph;
  private final Bounds bounds;
  private final Expansion.Scope scope;
  private final ShellForm commands;
  private final RunTranslator runs;
  private final FilesTranslator files;
  private final HealthChecks healthChecks;

  StageTranslator(Translation translation, StageState state, int index) {
    this.translation = translation;
    this.state = state;
    this.graph = translation.graph();
    this.bounds = translation.bounds();
    this.scope = new Expansion.Scope(new Variables(), translation.escape(), bounds);
    this.commands = new ShellForm(state, translation);
    this.runs =
        new RunTranslator(
            state, translation, new MountTranslator(state, translation, index, scope));
    this.files = new FilesTranslator(state, translation, index, scope);
    this.healthChecks = new HealthChecks(bounds);
  }

  /** What the words of a stage see. */
  private final class Variables implements Expansion.Variables {

    @Override
    public @Nullable String get(String name) {
      return state.value(name);
    }

    @Override
    public void missed(String name, Text at) {
      if (!state.declares(name) && !state.hasReadUnknown()) {
        translation
            .warnings()
            .add(
                Check.UNDEFINED_VAR,
                at,
                "nothing sets the variable "
                    + Problem.printable(name)
                    + Nearest.to(name, state.visible.names())
                        .map(near -> ": did you mean " + Problem.printable(near) + "?")
                        .orElse(""));
      }
    }
  }

  void translate(Instruction instruction) throws IOException {
    switch (instruction.keyword()) {
      case RUN -> runs.translate(instruction);
      case COPY, ADD -> files.translate(instruction);
      case HEALTHCHECK -> healthCheck(instruction);
      default -> config(instruction.withoutFlags());
    }
  }

  /** What changes nothing but the image's config, and perhaps makes a directory. */
  private void config(Instruction instruction) {
    switch (instruction.keyword()) {
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
      case ONBUILD -> onBuild(instruction);
      case FROM, RUN, COPY, ADD, HEALTHCHECK ->
          throw new IllegalStateException(instruction.keyword() + " is not for the config");
    }
  }

  private void healthCheck(Instruction instruction) {
    HealthCheck check = healthChecks.of(instruction);
    state.config.setHealthCheck(check);
    state.commandsChanged(bounds, instruction.word());
    if (check.getTest(0).equals("NONE")) {
      return;
    }
    translation.note(
        "HEALTHCHECK is kept in the image and not run yet: an instance is ready when it listens on"
            + " its port.");
  }

  private void onBuild(Instruction instruction) {
    String trigger = Triggers.text(instruction);
    bounds.string(trigger, instruction.arguments());
    state.config.addOnBuild(trigger);
    bounds.entries(state.config.getOnBuildCount(), "triggers", instruction.word());
    state.commandsChanged(bounds, instruction.word());
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
      state.declare(name);
      @Nullable String given = translation.arguments().given(name);
      String value =
          given != null
              ? given
              : written == null ? translation.arguments().get(name) : expand(written);
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
    String author = instruction.required("NAME").toString();
    bounds.string(author, instruction.arguments());
    state.config.setAuthor(author);
    state.commandsChanged(bounds, instruction.word());
  }

  private void workdir(Instruction instruction) {
    String path = bounds.written(expand(instruction.required("/app")), instruction.arguments());
    if (!path.startsWith("/") && !state.hasDirectory) {
      translation
          .warnings()
          .add(
              Check.WORKDIR_RELATIVE_PATH,
              instruction.arguments(),
              "this folder is another one as soon as the base image's is: begin it with a slash");
    }
    state.hasDirectory = true;
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
        ExposedPorts.of(written, word, bounds).forEach(state::expose);
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
    state.config.clearCmd().addAllCmd(commands.argv(instruction, instruction.arguments()));
    state.hasOwnCommand = true;
    state.declaresCommand = true;
    state.commandsChanged(bounds, instruction.word());
  }

  private void entrypoint(Instruction instruction) {
    state
        .config
        .clearEntrypoint()
        .addAllEntrypoint(commands.argv(instruction, instruction.arguments()));
    if (!state.hasOwnCommand) {
      state.config.clearCmd();
    }
    state.declaresCommand = true;
    state.commandsChanged(bounds, instruction.word());
  }

  private String expand(Text word) {
    return Expansion.of(word, scope);
  }

  private String expandOrEmpty(@Nullable Text word) {
    return word == null ? "" : expand(word);
  }
}
