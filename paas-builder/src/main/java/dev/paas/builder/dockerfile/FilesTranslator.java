package dev.paas.builder.dockerfile;

import dev.paas.builder.dockerfile.text.Instruction;
import dev.paas.base.name.PathPattern;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.builder.dockerfile.text.Bounds;
import dev.paas.builder.dockerfile.text.Expansion;
import dev.paas.builder.dockerfile.text.Heredoc;
import dev.paas.builder.dockerfile.text.StringArray;
import dev.paas.builder.dockerfile.text.Text;
import dev.paas.builder.source.GeneratedTree;
import dev.paas.contract.runtime.CopyOp;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** COPY and ADD: files of the repository, of a stage or an image, or of the Dockerfile itself. */
final class FilesTranslator {

  private static final Pattern OCTAL = Pattern.compile("0?[0-7]{1,4}");

  /** Longer than anybody writes one. */
  private static final int MAX_MODE = 100;

  /** Of chmod(1). */
  private static final Pattern SYMBOLIC = Pattern.compile("[ugoa]*([-+=]([ugo]|[rwxXst]*))++");

  private final StageState state;
  private final Translation translation;
  private final int index;
  private final Bounds bounds;
  private final Expansion.Scope scope;

  FilesTranslator(StageState state, Translation translation, int index, Expansion.Scope scope) {
    this.state = state;
    this.translation = translation;
    this.index = index;
    this.bounds = translation.bounds();
    this.scope = scope;
  }

  void translate(Instruction instruction) throws IOException {
    Text arguments = instruction.required("file.txt ./");
    CopyOp.Builder copy = CopyOp.newBuilder();
    Text from = flags(instruction, copy);
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
    List<Text> sources = new ArrayList<>(written.subList(0, written.size() - 1));
    destination(copy, written.get(sources.size()), sources.size());
    Map<String, String> documents = documents(instruction, sources);
    if (!sources.isEmpty()) {
      files(instruction, copy.clone(), from, sources);
    }
    if (!documents.isEmpty()) {
      String tree = translation.graph().tree(GeneratedTree.of(documents), "");
      CopyOp.Builder files = copy.setInput(state.node).setFrom(tree);
      documents.keySet().forEach(name -> files.addSources(PathPattern.quote(name)));
      state.node = translation.graph().copy(instruction.title(), files);
    }
  }

  /** Takes the flags in, and answers with what is copied from; null for the repository. */
  private @Nullable Text flags(Instruction instruction, CopyOp.Builder copy) {
    Text from = null;
    for (Text flag : instruction.flags()) {
      String name = flag.toString();
      if (flag.startsWith("--chown=")) {
        copy.setOwner(expand(flag.from("--chown=".length())));
      } else if (flag.startsWith("--chmod=")) {
        copy.setMode(mode(flag.from("--chmod=".length())));
      } else if (flag.startsWith("--from=") && instruction.keyword() == Instruction.Keyword.COPY) {
        from = flag.from("--from=".length());
      } else if (!name.equals("--link") && !name.equals("--link=true")) {
        // A layer of its own is what every copy is here: --link asks for nothing more.
        if (!name.equals("--link=false")) {
          throw instruction.unsupported(
              flag,
              "Remove the flag; COPY knows --from, --chown, --chmod and --link, ADD all but"
                  + " --from.");
        }
      }
    }
    return from;
  }

  private String mode(Text written) {
    String mode = expand(written);
    boolean symbolic =
        !mode.isEmpty()
            && mode.length() <= MAX_MODE
            && Arrays.stream(mode.split(",", -1))
                .allMatch(clause -> SYMBOLIC.matcher(clause).matches());
    if (!symbolic && !OCTAL.matcher(mode).matches()) {
      throw written.problem(
          Kind.INVALID,
          "dockerfile.bad-mode",
          "This is not a mode of files",
          "Write it as chmod takes it, e.g. --chmod=755 or --chmod=u=rwX,go=rX.");
    }
    return mode;
  }

  private void files(
      Instruction instruction, CopyOp.Builder copy, @Nullable Text from, List<Text> sources)
      throws IOException {
    copy.setInput(state.node).setUnpack(instruction.keyword() == Instruction.Keyword.ADD);
    if (from == null) {
      copy.setFrom(translation.context()).addAllExcludes(translation.excludes());
    } else {
      copy.setFrom(translation.filesOf(from, index));
    }
    for (Text source : sources) {
      copy.addSources(source(instruction, source, from == null));
    }
    state.node = translation.graph().copy(instruction.title(), copy);
  }

  /** The files that are written out, which are taken out of the sources. */
  private Map<String, String> documents(Instruction instruction, List<Text> sources) {
    Map<String, String> documents = new LinkedHashMap<>();
    if (instruction.documents().isEmpty()) {
      return documents;
    }
    Map<Heredoc.Opening, Deque<Text>> announced = new HashMap<>();
    List<Text> plain = new ArrayList<>();
    for (Text source : sources) {
      Heredoc.opening(source)
          .ifPresentOrElse(
              opening -> announced.computeIfAbsent(opening, key -> new ArrayDeque<>()).add(source),
              () -> plain.add(source));
    }
    sources.clear();
    sources.addAll(plain);
    for (Heredoc document : instruction.documents()) {
      Deque<Text> places = announced.get(document.opening());
      Text announcement = places == null ? null : places.poll();
      if (announcement == null) {
        throw unusedDocument(instruction, document);
      }
      String name = document.fileName(announcement, bounds);
      String content =
          document.opening().expands()
              ? Expansion.of(document.body(), scope.ofFile(longest()))
              : document.body().toString();
      documents.put(name, document.content(content));
    }
    return documents;
  }

  private int longest() {
    return (int) Math.min(Integer.MAX_VALUE, translation.limits().maxFile().bytes());
  }

  private static RuntimeException unusedDocument(Instruction instruction, Heredoc document) {
    return instruction
        .arguments()
        .problem(
            Kind.INVALID,
            "dockerfile.bad-heredoc",
            "The here-document " + Problem.printable(document.name()) + " is no source",
            "Write it between the flags and the destination.");
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
      if (instruction.keyword() == Instruction.Keyword.ADD) {
        LocalSources.refuseRemote(written, word);
      }
      if (!isPattern) {
        translation.sources().copied(written, PathPattern.literal(path));
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

  private String expand(Text word) {
    return Expansion.of(word, scope);
  }
}
