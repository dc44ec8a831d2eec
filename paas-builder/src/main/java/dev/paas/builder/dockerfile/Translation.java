package dev.paas.builder.dockerfile;

import dev.paas.base.name.Nearest;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.builder.dockerfile.Stages.Stage;
import dev.paas.builder.dockerfile.lint.Findings;
import dev.paas.builder.dockerfile.lint.Warnings;
import dev.paas.builder.dockerfile.text.Bounds;
import dev.paas.builder.dockerfile.text.Instruction;
import dev.paas.builder.dockerfile.text.Text;
import dev.paas.builder.plan.BaseImages;
import dev.paas.builder.plan.Environment;
import dev.paas.builder.plan.Graph;
import dev.paas.builder.source.SourceTree;
import dev.paas.contract.runtime.Image;
import dev.paas.contract.runtime.ImageConfig;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** Builds the graph of a Dockerfile: the stages that the last one needs, in the file's order. */
final class Translation {

  /** Images of apps belong to their apps; a build of another app must not read them. */
  private static final String APPS = "apps/";

  /** What sets variables that later instructions use. */
  private static final Set<Instruction.Keyword> VARIABLES =
      Set.of(Instruction.Keyword.ENV, Instruction.Keyword.ARG);

  /** So many folders above a file are looked for in the ignore file. */
  private static final int TOP_FOLDERS = 8;

  /** More would only scroll the push's output away. */
  private static final int MAX_NOTES = 20;

  private final Graph graph;
  private final Set<String> notes = new LinkedHashSet<>();

  /** The last node of each stage that is finished. */
  private final Map<Integer, String> files = new HashMap<>();

  /** What each stage has become that a later one begins with; the rest is not kept. */
  private final Map<Integer, StageState> bases = new HashMap<>();

  private final SourceTree tree;
  private final BaseImages images;
  private final Stages stages;
  private final List<String> excludes;
  private final Set<String> secrets;

  /** What the ignore file names; nothing when it has exceptions. */
  private final Set<String> leftOut;

  private final Findings findings;
  private final Bounds bounds;
  private final LocalSources sources = new LocalSources();
  private final Map<String, Image> resolved = new HashMap<>();
  private final Map<String, List<Instruction>> triggersOf = new HashMap<>();
  private long triggerBytes;
  private int triggered;
  private int mounts;

  /**
   * What steps may see.
   *
   * @param tree the repository
   * @param excludes what its ignore file says
   * @param secrets the names of secrets that the app has for builds
   */
  record Given(SourceTree tree, List<String> excludes, Set<String> secrets) {}

  Translation(Given given, BaseImages images, Stages stages, Bounds bounds, Findings findings) {
    this.tree = given.tree();
    this.images = images;
    this.stages = stages;
    this.excludes = given.excludes();
    this.secrets = given.secrets();
    boolean exceptions = excludes.stream().anyMatch(each -> each.startsWith("!"));
    this.leftOut = exceptions ? Set.of() : new LinkedHashSet<>(excludes);
    this.findings = findings;
    this.bounds = bounds;
    this.graph = new Graph(bounds.limits().maxGraph().bytes());
  }

  /**
   * Translates, and answers with what the last stage has become.
   *
   * @throws PaasException every mistake of the stages that are built, together; in the others
   *     nothing can be wrong that matters
   */
  StageState run() throws IOException {
    Map<Integer, List<Instruction>> triggers = new HashMap<>();
    List<Stage> needed = needed(triggers);
    Map<Integer, Integer> lastUse = new HashMap<>();
    needed.forEach(stage -> lastUse.put(stages.baseOf(stage), stage.index()));
    for (Stage stage : needed) {
      StageState state = begin(stage);
      bases.keySet().removeIf(base -> lastUse.getOrDefault(base, -1) <= stage.index());
      StageTranslator translator = new StageTranslator(this, state, stage.index());
      state.triggersRun();
      for (Instruction trigger : Objects.requireNonNull(triggers.get(stage.index()))) {
        translate(translator, state, trigger, stage.offset());
      }
      for (Instruction instruction : stage.body()) {
        translate(translator, state, instruction, instruction.word().offset());
      }
      files.put(stage.index(), state.node);
      bases.put(stage.index(), state);
    }
    sources.check(tree, findings.mistakes());
    findings
        .mistakes()
        .forgive(offset -> stages.at(offset) >= 0 && !files.containsKey(stages.at(offset)))
        .forEach(mistake -> note(mistake + ". Nothing needs this stage, so it is not built."));
    findings.mistakes().check();
    findings.warnings().check();
    for (String unused : stages.arguments().unused()) {
      note("No ARG that is built declares the build var " + Problem.printable(unused) + ".");
    }
    return stateOf(stages.last().index());
  }

  /** What triggers ask for may need further stages, whose bases have triggers of their own. */
  private List<Stage> needed(Map<Integer, List<Instruction>> triggers) {
    while (true) {
      List<Stage> needed = stages.needed(triggers);
      List<Stage> unread =
          needed.stream().filter(stage -> !triggers.containsKey(stage.index())).toList();
      if (unread.isEmpty()) {
        return needed;
      }
      for (Stage stage : unread) {
        try {
          triggers.put(stage.index(), triggers(stage));
        } catch (PaasException mistake) {
          findings.mistakes().add(mistake, stage.offset());
          triggers.put(stage.index(), List.of());
        }
      }
    }
  }

  /** Of each base they are read once, however many stages begin with it. */
  private List<Instruction> triggers(Stage stage) {
    String base = stages.baseOf(stage) >= 0 ? "stage " + stages.baseOf(stage) : stage.base();
    List<Instruction> known = triggersOf.get(base);
    if (known == null) {
      List<String> texts = triggerTexts(stage);
      texts.forEach(text -> triggerBytes += Environment.utf8Length(text));
      bounds.config(triggerBytes, stage.baseText());
      known = Triggers.parse(texts, stage.base(), bounds);
      triggersOf.put(base, known);
    }
    triggered += known.size();
    bounds.instructions(triggered, stage.baseText());
    return known;
  }

  private List<String> triggerTexts(Stage stage) {
    int base = stages.baseOf(stage);
    if (base >= 0) {
      return stages.get(base).body().stream()
          .filter(instruction -> instruction.keyword() == Instruction.Keyword.ONBUILD)
          .map(Triggers::text)
          .toList();
    }
    return stage.isBroken() || stage.base().equals("scratch")
        ? List.of()
        : resolve(stage.baseText(), stage.base(), stage.index()).getConfig().getOnBuildList();
  }

  private void translate(
      StageTranslator translator, StageState state, Instruction instruction, int offset)
      throws IOException {
    state.read();
    try {
      translator.translate(instruction);
    } catch (PaasException problem) {
      // What depends on a variable of an image that is not known yet is judged when it is.
      if (!state.hasReadUnknown() || bounds.exceeded()) {
        findings.mistakes().add(problem, offset);
      }
      if (VARIABLES.contains(instruction.keyword())) {
        state.becomeUnsure();
      }
    }
  }

  /** A stage whose base is a mistake begins with an image of which nothing is known. */
  private StageState begin(Stage stage) {
    try {
      if (!stage.isBroken()) {
        return beginning(stage);
      }
    } catch (PaasException mistake) {
      findings.mistakes().add(mistake, stage.offset());
    }
    return StageState.ofImage(
        graph.image("", stage.from().title()), ImageConfig.getDefaultInstance(), false);
  }

  private StageState beginning(Stage stage) {
    int base = stages.baseOf(stage);
    if (base >= 0) {
      return stateOf(base).child();
    }
    String title = stage.from().title();
    if (stage.base().equals("scratch")) {
      return StageState.ofScratch(graph.image("", title));
    }
    Image image = resolve(stage.baseText(), stage.base(), stage.index());
    return StageState.ofImage(
        graph.image(images.known() ? image.getDigest() : stage.base(), title),
        image.getConfig(),
        images.known());
  }

  private StageState stateOf(int index) {
    StageState state = bases.get(index);
    if (state == null) {
      throw new IllegalStateException("stage " + index + " is not translated yet");
    }
    return state;
  }

  /** The node whose files COPY --from means. */
  String filesOf(Text written, int before) {
    String name = written.toString();
    int stage = stages.find(name, before);
    if (stage >= 0) {
      return Objects.requireNonNull(files.get(stage));
    }
    if (name.matches("\\d+") || stages.names().contains(name.toLowerCase(Locale.ROOT))) {
      throw written.problem(
          Kind.INVALID,
          "dockerfile.no-stage",
          "There is no earlier stage " + Problem.printable(name),
          "Name a stage that ends before this one begins; they are numbered from 0.");
    }
    Image image = resolve(written, name, before);
    return graph.image(images.known() ? image.getDigest() : name, Problem.printable(name));
  }

  private Image resolve(Text written, String ref, int before) {
    if (ref.startsWith("sha256:") || bareName(ref).startsWith(APPS)) {
      throw written.problem(
          Kind.INVALID,
          "dockerfile.private-image",
          "Images of apps cannot be the base of another",
          "Name an image of a registry, or one that paas image ls lists.");
    }
    try {
      Image known = resolved.get(ref);
      if (known == null) {
        known = images.resolve(ref);
        resolved.put(ref, known);
      }
      return known;
    } catch (PaasException e) {
      Problem problem = e.problem();
      String fix =
          Nearest.to(ref, stages.names())
              .filter(name -> stages.find(name, before) >= 0)
              .map(name -> "Did you mean the stage " + name + "? " + problem.fix())
              .orElse(problem.fix());
      PaasException placed = written.problem(problem, fix);
      placed.addSuppressed(e);
      throw placed;
    }
  }

  /** Without the default registry, which may be written out. */
  private static String bareName(String ref) {
    for (String registry : List.of("docker.io/", "index.docker.io/", "registry-1.docker.io/")) {
      if (ref.startsWith(registry)) {
        return ref.substring(registry.length());
      }
    }
    return ref;
  }

  /** The node of the source tree. */
  String context() {
    return graph.tree(tree, "");
  }

  /** Whether the repository has a file or a link there. */
  boolean hasFile(String path) throws IOException {
    return !path.isEmpty() && tree.find(path).isPresent();
  }

  /** One more mount; each costs a look into the repository. */
  void mounted(Text flag) {
    bounds.entries(++mounts, "mounts", flag);
  }

  /** Whether the app has a secret of this name. */
  boolean hasSecret(String name) {
    return secrets.contains(name);
  }

  List<String> excludes() {
    return excludes;
  }

  /**
   * Whether the ignore file names a path or one of the folders at its top. Patterns are not
   * compared here, and an exception among them may mean any file.
   */
  boolean leavesOut(String path) {
    int end = path.indexOf('/');
    for (int level = 0; level < TOP_FOLDERS && end >= 0; level++) {
      if (leftOut.contains(path.substring(0, end))) {
        return true;
      }
      end = path.indexOf('/', end + 1);
    }
    return leftOut.contains(path);
  }

  LocalSources sources() {
    return sources;
  }

  Bounds bounds() {
    return bounds;
  }

  Warnings warnings() {
    return findings.warnings();
  }

  BuildArguments arguments() {
    return stages.arguments();
  }

  Graph graph() {
    return graph;
  }

  char escape() {
    return stages.escape();
  }

  void note(String note) {
    if (notes.size() < MAX_NOTES) {
      notes.add(note);
    }
  }

  List<String> notes() {
    return Stream.concat(notes.stream(), findings.warnings().lines().stream()).toList();
  }
}
