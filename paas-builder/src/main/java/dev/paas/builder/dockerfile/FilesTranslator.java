package dev.paas.builder.dockerfile;

import dev.paas.base.name.PathPattern;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.builder.dockerfile.lint.Check;
import dev.paas.builder.dockerfile.text.Bounds;
import dev.paas.builder.dockerfile.text.Expansion;
import dev.paas.builder.dockerfile.text.Heredoc;
import dev.paas.builder.dockerfile.text.Instruction;
import dev.paas.builder.dockerfile.text.StringArray;
import dev.paas.builder.dockerfile.text.Text;
import dev.paas.builder.source.GeneratedTree;
import dev.paas.contract.runtime.CopyOp;
import dev.paas.contract.runtime.FetchOp;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** COPY and ADD: files of the repository, of a stage or an image, or of the Dockerfile itself. */
final class FilesTranslator {

  /** As BuildKit calls a download whose address has no name. */
  private static final String UNNAMED = "__unnamed__";

  /** What stands before it is left out of the paths that COPY --parents keeps. */
  private static final String PIVOT = "/./";

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
    CopyFlags flags = CopyFlags.of(instruction, scope, copy);
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
    destination(copy, written.get(sources.size()), sources.size(), instruction);
    Map<String, String> documents = documents(instruction, sources);
    List<RemoteFile> remote = remote(instruction, sources);
    refuseChecksum(flags, remote.size(), arguments);
    if (!sources.isEmpty()) {
      files(instruction, copy.clone(), flags, sources);
    }
    for (RemoteFile file : remote) {
      download(instruction, copy.clone(), flags, file);
    }
    if (!documents.isEmpty()) {
      String tree = translation.graph().tree(GeneratedTree.of(documents), "");
      CopyOp.Builder files = copy.setInput(state.node).setFrom(tree);
      documents.keySet().forEach(name -> files.addSources(PathPattern.quote(name)));
      state.node = translation.graph().copy(instruction.title(), files);
    }
  }

  /** The files that are downloaded, which are taken out of the sources. */
  private List<RemoteFile> remote(Instruction instruction, List<Text> sources) {
    if (instruction.keyword() != Instruction.Keyword.ADD) {
      return List.of();
    }
    List<RemoteFile> remote = new ArrayList<>();
    List<Text> local = new ArrayList<>();
    for (Text source : sources) {
      String word = expand(source);
      // An address that depends on an image is judged when that is known.
      Optional<RemoteFile> file =
          state.hasReadUnknown() ? Optional.empty() : RemoteFile.of(source, word, bounds);
      file.ifPresentOrElse(remote::add, () -> local.add(source));
    }
    sources.clear();
    sources.addAll(local);
    return remote;
  }

  /** One checksum can't be that of several files. */
  private static void refuseChecksum(CopyFlags flags, int files, Text at) {
    if (!flags.checksum().isEmpty() && files != 1) {
      throw at.problem(
          Kind.INVALID,
          "dockerfile.bad-checksum",
          "--checksum is for one file that is downloaded",
          "Write an ADD of its own for each http:// or https:// address.");
    }
  }

  private void download(
      Instruction instruction, CopyOp.Builder copy, CopyFlags flags, RemoteFile file) {
    String name = file.name().orElse(UNNAMED);
    FetchOp fetch =
        FetchOp.newBuilder().setUrl(file.url()).setName(name).setChecksum(flags.checksum()).build();
    String files = translation.graph().fetch(instruction.title(), fetch);
    copy.setInput(state.node).setFrom(files).addSources(PathPattern.quote(name));
    copy.setUnpack(flags.unpack().orElse(false));
    state.node = translation.graph().copy(instruction.title(), copy);
  }

  private void files(
      Instruction instruction, CopyOp.Builder copy, CopyFlags flags, List<Text> sources)
      throws IOException {
    Text from = flags.from().orElse(null);
    boolean unpack = instruction.keyword() == Instruction.Keyword.ADD;
    copy.setInput(state.node).setUnpack(unpack && flags.unpack().orElse(true));
    if (from == null) {
      copy.setFrom(translation.context()).addAllExcludes(translation.excludes());
    } else {
      copy.setFrom(translation.filesOf(from, index));
    }
    for (Text source : sources) {
      copy.addSources(source(copy, source, from == null));
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
      documents.put(
          name,
          document.opening().expands()
              ? Expansion.of(document.stripped(), scope.ofFile(longest()))
              : document.content());
    }
    return documents;
  }

  private int longest() {
    return (int) Math.min(Integer.MAX_VALUE, bounds.limits().maxFile().bytes());
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
  private String source(CopyOp.Builder copy, Text written, boolean isLocal) {
    String word =
        bounds.written(Expansion.of(written, scope.keeping(PathPattern.SPECIAL)), written);
    int pivot = copy.getParents() ? word.indexOf(PIVOT) : -1;
    String base = pivot < 0 ? "" : ContextPath.clean(word.substring(0, pivot));
    String rest = ContextPath.clean(pivot < 0 ? word : word.substring(pivot + PIVOT.length()));
    String path = base.isEmpty() || rest.isEmpty() ? base + rest : base + "/" + rest;
    bounds.path(path, written);
    Optional<String> mistake = PathPattern.mistake(path);
    if (mistake.isPresent()) {
      throw CopyFlags.badPattern(written, mistake.get());
    }
    if (isLocal && !state.hasReadUnknown()) {
      if (!PathPattern.hasWildcard(path)) {
        translation.sources().copied(written, PathPattern.literal(path));
        ignored(written, PathPattern.literal(path));
      }
    }
    if (pivot >= 0 && !base.isEmpty()) {
      return base + PIVOT + rest;
    }
    return path.isEmpty() ? "." : path;
  }

  private void ignored(Text written, String path) {
    if (translation.leavesOut(path)) {
      translation
          .warnings()
          .add(
              Check.COPY_IGNORED_FILE,
              written,
              ".dockerignore leaves out " + Problem.printable(path));
    }
  }

  /** BuildKit copies one source after the other, whatever the destination has become by then. */
  private void destination(
      CopyOp.Builder copy, Text written, int sources, Instruction instruction) {
    String word = bounds.written(expand(written), written);
    String destination = bounds.path(ContextPath.destination(state.directory(), word), written);
    if (sources > 1 && !destination.endsWith("/")) {
      translation.note(
          instruction.place()
              + " copies several files to "
              + Problem.printable(word)
              + ": if that is no folder by then, the last of them takes its name. A slash at its"
              + " end makes it one.");
    }
    copy.setDestination(destination);
  }

  private String expand(Text word) {
    return Expansion.of(word, scope);
  }
}
