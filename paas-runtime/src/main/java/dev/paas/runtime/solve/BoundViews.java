package dev.paas.runtime.solve;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.contract.runtime.ExecMount;
import dev.paas.runtime.linux.file.Directory;
import dev.paas.runtime.linux.file.RawPath;
import dev.paas.runtime.rootfs.RootFilesystem;
import dev.paas.runtime.sandbox.SandboxMounts;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The root filesystems whose files a step binds: each is mounted with the step's ids, in a copy of
 * its own, so that what a step writes reaches nobody else. Closing it unmounts and drops them.
 */
final class BoundViews implements AutoCloseable {

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final List<SandboxMounts.View> views = new ArrayList<>();

  /**
   * Mounts one and finds in it what is bound.
   *
   * @param copy becomes this object's to close
   * @throws dev.paas.base.problem.PaasException {@code build.mount-source-missing}
   */
  void add(WritableCopies.Copy copy, ExecMount mount) throws IOException {
    open.push(copy);
    RootFilesystem root = copy.mount();
    open.push(root);
    ExecMount.Bind bind = mount.getBind();
    Optional<String> real;
    try (Directory directory = Directory.open(root.path())) {
      real = directory.resolveInRoot(RawPath.of(bind.getPath()));
    }
    String path =
        real.orElseThrow(
            () ->
                Problem.of(
                        Kind.IMPOSSIBLE,
                        "build.mount-source-missing",
                        "What is to be mounted is not there",
                        bind.getPath(),
                        "Correct source of --mount, or make it in a step before.")
                    .asException());
    views.add(
        new SandboxMounts.View(
            root.path() + "/" + text(path),
            mount.getTarget(),
            bind.getWritable() ? Optional.of(root.upper()) : Optional.empty()));
  }

  /** The OCI runtime is told of paths in JSON, which is UTF-8. */
  private static String text(String raw) {
    String text = new String(raw.getBytes(ISO_8859_1), UTF_8);
    if (!RawPath.of(text).equals(raw)) {
      throw Problem.of(
              Kind.IMPOSSIBLE,
              "build.mount-source-missing",
              "What is to be mounted has a name that is not UTF-8",
              RawPath.text(raw),
              "Rename it in a step before.")
          .asException();
    }
    return text;
  }

  List<SandboxMounts.View> views() {
    return views;
  }

  @Override
  public void close() throws IOException {
    IOException failed = null;
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception each) {
        failed = failed == null ? new IOException(each) : failed;
      }
    }
    if (failed != null) {
      throw failed;
    }
  }
}
