package dev.paas.runtime.solve.copy;

import dev.paas.contract.runtime.CopyOp;
import dev.paas.runtime.linux.file.Directory;
import dev.paas.runtime.linux.file.FileStatus;
import dev.paas.runtime.linux.file.RawPath;
import dev.paas.runtime.solve.match.IgnorePatterns;
import dev.paas.runtime.solve.step.Rootfs;
import dev.paas.runtime.solve.step.StepKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One copy with BuildKit's rules: a directory's content is merged into the destination; a file goes
 * to the destination, or into it when it is a directory by then or ends with a slash. Sources are
 * copied one after the other, so that a later one may replace an earlier one.
 */
public final class CopyStep {

  private final CopyOp op;
  private final CopySource source;
  private final IgnorePatterns leftOut;
  private final List<SourceNames.Found> found = new ArrayList<>();

  public CopyStep(CopyOp op, CopySource source) throws IOException {
    this.op = op;
    this.source = source;
    this.leftOut = new IgnorePatterns(op.getLeftOutList(), source.comparisons());
    SourceNames names = new SourceNames(source);
    for (String path : op.getSourcesList()) {
      for (SourceNames.Found each :
          op.getParents() ? names.findWithParents(path) : names.find(path)) {
        // Of a directory that lies in the destination itself, only what is in it is compared.
        String itself = isDirectory(each) ? "" : each.name();
        if (RawPath.join(each.below(), itself).isEmpty() || !isLeftOut(each, itself)) {
          found.add(each);
        }
      }
    }
  }

  /** Whether the copy leaves out a path below a source, or a file that is the source. */
  private boolean isLeftOut(SourceNames.Found each, String path) {
    return !leftOut.isEmpty() && leftOut.excludes(RawPath.join(each.below(), path));
  }

  private boolean isDirectory(SourceNames.Found each) throws IOException {
    return isDirectory(source.root(), each.path());
  }

  private static boolean isDirectory(Directory root, String path) throws IOException {
    return path.isEmpty() || root.statusBeneath(path).map(FileStatus::isDirectory).orElse(false);
  }

  /** The key of this copy onto a root filesystem: by what is copied, never by when. */
  public StepKey key(Rootfs input, String scope) throws IOException {
    StepKey key = new StepKey("copy", scope).add(input).add(op.getDestination()).add(op.getOwner());
    key.addIfSet("mode", op.getMode());
    key.addIfSet("unpack", op.getUnpack() ? "archives" : "");
    key.add(source.isTree() ? "tree" : "rootfs");
    Set<String> parents = new HashSet<>();
    for (SourceNames.Found each : found) {
      key.add(each.name());
      if (op.getParents()) {
        parents(each, parents, key);
      }
      source.digest(each.path(), key, path -> isLeftOut(each, path));
    }
    return key;
  }

  /**
   * Writes the copy into an empty layer directory.
   *
   * @param archives unpacks those among the sources, where that is asked for
   */
  public void run(Directory view, Directory stage, Archives archives) throws IOException {
    Optional<Owner> owner = owner(view);
    Owner created = owner.orElse(Owner.ROOT);
    CopiedAs as = new CopiedAs(owner, FileMode.parse(op.getMode()));
    String destination = DestinationPath.resolve(view, op.getDestination());
    boolean directory =
        op.getParents()
            || op.getDestination().endsWith("/")
            || op.getDestination().endsWith("/.")
            || isDirectory(view, destination);
    try (LayerWriter writer = new LayerWriter(view, stage)) {
      for (SourceNames.Found each : found) {
        String path = each.path();
        boolean whole = isDirectory(each);
        String into = RawPath.join(destination, each.below());
        if (whole || op.getParents()) {
          writer.makeDirectories(destination, created);
          writer.makeParents(source, each, destination, as);
        }
        if (whole) {
          writer.copyContent(source, path, into, as, below -> isLeftOut(each, below));
        } else if (!op.getUnpack() || !unpacked(writer, archives, path, destination, as)) {
          boolean within = directory || isDirectory(stage, destination);
          String to = within ? RawPath.join(into, each.name()) : destination;
          writer.makeDirectories(RawPath.parent(to), created);
          writer.copyFile(source, path, to, as);
        }
      }
    }
  }

  /** The directories that keep its place are made like those that it comes from. */
  private void parents(SourceNames.Found each, Set<String> known, StepKey key) throws IOException {
    key.add("below").add(each.below());
    for (String below = each.below(); !below.isEmpty(); below = RawPath.parent(below)) {
      String path = RawPath.join(each.base(), below);
      if (!known.add(path)) {
        return; // and those above it are known, too
      }
      key.add(
          source
              .status(path)
              .map(is -> is.uid() + ":" + is.gid() + " " + Integer.toOctalString(is.mode()))
              .orElse(""));
    }
  }

  /** Puts what an archive holds into the destination; false: it is no archive. */
  private boolean unpacked(
      LayerWriter writer, Archives archives, String path, String destination, CopiedAs as)
      throws IOException {
    try (Directory in = source.root().openBeneath(RawPath.parent(path))) {
      String name = RawPath.name(path);
      boolean file = in.status(name).map(FileStatus::isRegular).orElse(false);
      Optional<Archives.Unpacked> found =
          file ? archives.unpack(in, name, source.room().limits().files()) : Optional.empty();
      if (found.isEmpty()) {
        return false;
      }
      try (Archives.Unpacked archive = found.get()) {
        // Owners of the archive are kept, unless others are asked for; modes always are.
        CopiedAs asAsked =
            new CopiedAs(
                op.getOwner().isEmpty() ? Optional.empty() : as.owner(), FileMode.parse(""));
        writer.makeDirectories(destination, as.owner().orElse(Owner.ROOT));
        writer.copyContent(source.within(archive.root()), "", destination, asAsked, below -> false);
        return true;
      }
    }
  }

  /** Empty: owners are kept, because they come from a root filesystem. */
  private Optional<Owner> owner(Directory view) throws IOException {
    if (!op.getOwner().isEmpty()) {
      return Optional.of(Owner.parse(op.getOwner(), view));
    }
    return source.isTree() ? Optional.of(Owner.ROOT) : Optional.empty();
  }
}
