package dev.paas.runtime.solve;

import com.google.protobuf.ByteString;
import dev.paas.base.name.AppName;
import dev.paas.contract.runtime.CopyOp;
import dev.paas.contract.runtime.ExecOp;
import dev.paas.contract.runtime.FetchOp;
import dev.paas.contract.runtime.MakeDirOp;
import dev.paas.contract.runtime.Node;
import dev.paas.contract.runtime.SolveRequest;
import dev.paas.runtime.content.NameRoom;
import dev.paas.runtime.content.Sha256;
import dev.paas.runtime.image.ImageStore;
import dev.paas.runtime.image.StoredImage;
import dev.paas.runtime.linux.file.Directory;
import dev.paas.runtime.registry.ImageName;
import dev.paas.runtime.registry.RegistrySource;
import dev.paas.runtime.solve.copy.CopySource;
import dev.paas.runtime.solve.copy.CopyStep;
import dev.paas.runtime.solve.match.Comparisons;
import dev.paas.runtime.solve.step.Rootfs;
import dev.paas.runtime.solve.step.Secrets;
import dev.paas.runtime.solve.step.StepKey;
import dev.paas.runtime.tree.Tree;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One run of one graph: knows what each node has become, and makes the step of the next one. */
final class Build {

  private final StepRunner runner;
  private final StepEvents events;
  private final ImageStore images;
  private final RegistrySource registries;
  private final ExecStep exec;
  private final AppName app;
  private final SolveRequest request;
  private final Secrets secrets;
  private final Map<String, Rootfs> roots = new HashMap<>();
  private final Map<String, Sha256> trees = new HashMap<>();
  private final Comparisons comparisons = new Comparisons();

  /**
   * @param registries what images may be pulled from
   */
  Build(
      StepRunner runner,
      StepEvents events,
      ImageStore images,
      RegistrySource registries,
      ExecStep exec,
      SolveRequest request) {
    this.runner = runner;
    this.events = events;
    this.images = images;
    this.registries = registries;
    this.exec = exec;
    this.app = new AppName(request.getApp());
    this.request = request;
    this.secrets = new Secrets(request.getSecretsList());
  }

  /** What a node that was executed has become. */
  Rootfs rootfs(String node) {
    Rootfs found = roots.get(node);
    if (found == null) {
      throw new IllegalStateException("not a root filesystem: " + node);
    }
    return found;
  }

  void execute(Node node) throws IOException, InterruptedException {
    events.execute(
        node,
        () ->
            switch (node.getOpCase()) {
              case IMAGE -> image(node);
              case TREE -> tree(node);
              case EXEC -> exec(node, node.getExec());
              case COPY -> copy(node, node.getCopy());
              case FETCH -> fetch(node, node.getFetch());
              case MAKE_DIR -> makeDir(node, node.getMakeDir());
              case OP_NOT_SET -> throw new IllegalStateException("checked before");
            });
  }

  private StepResult image(Node node) throws IOException, InterruptedException {
    String ref = node.getImage().getRef();
    if (ref.isEmpty()) {
      roots.put(node.getId(), Rootfs.EMPTY);
      return StepResult.NOTHING;
    }
    Optional<StoredImage> present = images.lookUp(ref);
    if (!(present.isPresent() ? present.get().isOpenTo(app) : mayBePulled(ref))) {
      throw images.unknown(ref);
    }
    StoredImage image =
        present.isPresent()
            ? present.get()
            : images.pull(
                ref,
                registries,
                p -> events.output(node, ByteString.copyFromUtf8(p.what() + "\n"), false));
    roots.put(node.getId(), new Rootfs(image.layers()));
    return new StepResult(Optional.empty(), present.isPresent());
  }

  private static boolean mayBePulled(String ref) {
    return !Sha256.isDigest(ref)
        && ImageName.parse(ref).app().isEmpty()
        && ImageName.parse(ref).user().isEmpty();
  }

  private StepResult tree(Node node) throws IOException {
    Sha256 digest = new Sha256(node.getTree().getDigest());
    images.trees().require(digest);
    trees.put(node.getId(), digest);
    return StepResult.NOTHING;
  }

  private StepResult copy(Node node, CopyOp op) throws IOException, InterruptedException {
    Rootfs input = rootfs(op.getInput());
    try (NameRoom.Share room = images.room().share()) {
      Sha256 digest = trees.get(op.getFrom());
      return finish(
          node,
          input,
          digest == null ? copyOfRootfs(op, input, room) : copyOfTree(op, input, digest, room));
    }
  }

  private StepResult copyOfTree(CopyOp op, Rootfs input, Sha256 digest, NameRoom.Share room)
      throws IOException, InterruptedException {
    // Its index is not kept: a build may run for long between two copies.
    Tree tree = images.trees().get(digest, room);
    try (Directory files = Directory.open(tree.directory())) {
      List<String> ignored = op.getExcludesList();
      return copy(op, input, CopySource.ofTree(tree, files, ignored, comparisons, room));
    }
  }

  private StepResult copyOfRootfs(CopyOp op, Rootfs input, NameRoom.Share room)
      throws IOException, InterruptedException {
    // Equal layers on both sides are an equal copy: no file needs to be looked at.
    Rootfs from = rootfs(op.getFrom());
    Sha256 quick =
        new StepKey("copy-by-layers", request.getCacheScope())
            .add(input)
            .add(from)
            .add(op.getSourcesList())
            .add(op.getDestination())
            .add(op.getOwner())
            .addIfSet("mode", op.getMode())
            .addIfSet("unpack", op.getUnpack() ? "archives" : "")
            .addIfSet("left-out", String.join("\0", op.getLeftOutList()))
            .addIfSet("parents", op.getParents() ? "kept" : "")
            .finish();
    Optional<CacheHit> known = runner.find(quick);
    if (known.isPresent()) {
      return new StepResult(known.get().layer(), true);
    }
    try (RootView view = runner.view(from)) {
      StepResult done = copy(op, input, CopySource.ofRootfs(view.root(), comparisons, room));
      runner.remember(quick, done.layer());
      return done;
    }
  }

  private StepResult copy(CopyOp op, Rootfs input, CopySource source)
      throws IOException, InterruptedException {
    CopyStep copy = new CopyStep(op, source);
    FileCopyStep step = new FileCopyStep(copy, input, request.getCacheScope(), runner.archives());
    return runner.run(step, input, source.room());
  }

  private StepResult makeDir(Node node, MakeDirOp op) throws IOException, InterruptedException {
    Rootfs input = rootfs(op.getInput());
    return run(node, input, new MakeDirStep(op, input, request.getCacheScope()));
  }

  private StepResult fetch(Node node, FetchOp op) throws IOException, InterruptedException {
    try (FetchStep step = new FetchStep(op, runner.downloads(), request.getCacheScope())) {
      return run(node, Rootfs.EMPTY, step);
    }
  }

  private StepResult exec(Node node, ExecOp op) throws IOException, InterruptedException {
    Rootfs input = rootfs(op.getInput());
    List<Rootfs> bound =
        op.getMountsList().stream()
            .map(mount -> mount.hasBind() ? rootfs(mount.getBind().getFrom()) : Rootfs.EMPTY)
            .toList();
    return run(
        node,
        input,
        new CommandStep(
            exec,
            op,
            new CommandStep.BuildInput(app, request.getCacheScope(), input, bound, secrets),
            () ->
                new ExecStep.Inputs(
                    images.directories(input.layers()),
                    bound.stream().map(root -> images.directories(root.layers())).toList(),
                    secrets),
            (bytes, stderr) -> events.output(node, bytes, stderr)));
  }

  private StepResult run(Node node, Rootfs input, BuildStep step)
      throws IOException, InterruptedException {
    try (NameRoom.Share room = images.room().share()) {
      return finish(node, input, runner.run(step, input, room));
    }
  }

  private StepResult finish(Node node, Rootfs input, StepResult done) {
    roots.put(node.getId(), input.with(done.layer()));
    return done;
  }
}
