package dev.paas.runtime.solve.graph;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.contract.runtime.CacheMount;
import dev.paas.contract.runtime.CopyOp;
import dev.paas.contract.runtime.ExecMount;
import dev.paas.contract.runtime.ExecOp;
import dev.paas.contract.runtime.MakeDirOp;
import dev.paas.contract.runtime.Node;
import java.util.List;

/** No path, argument or variable can hold a zero byte (execve(2), path_resolution(7)). */
final class ZeroBytes {

  private ZeroBytes() {}

  /**
   * @throws dev.paas.base.problem.PaasException {@code build.zero-byte}
   */
  static void check(Node node) {
    ExecOp exec = node.getExec();
    check(node, "argument", exec.getArgvList());
    check(node, "environment variable", exec.getEnvList());
    check(node, "working directory", exec.getWorkingDir());
    check(node, "user", exec.getUser());
    for (CacheMount cache : exec.getCachesList()) {
      check(node, "cache's target", cache.getTarget());
      check(node, "cache's owner", cache.getOwner());
    }
    for (ExecMount mount : exec.getMountsList()) {
      check(node, "mount's target", mount.getTarget());
      check(node, "mount's source", mount.getBind().getPath());
      check(node, "secret's variable", mount.getSecret().getVariable());
      check(node, "secret's owner", mount.getSecret().getOwner());
    }
    CopyOp copy = node.getCopy();
    check(node, "source", copy.getSourcesList());
    check(node, "ignore pattern", copy.getExcludesList());
    check(node, "destination", copy.getDestination());
    check(node, "owner", copy.getOwner());
    check(node, "mode", copy.getMode());
    check(node, "pattern", copy.getLeftOutList());
    check(node, "name of a download", node.getFetch().getName());
    MakeDirOp made = node.getMakeDir();
    check(node, "folder", made.getPath());
    check(node, "owner", made.getOwner());
  }

  private static void check(Node node, String field, List<String> texts) {
    for (int i = 0; i < texts.size(); i++) {
      check(node, field + " " + (i + 1), texts.get(i));
    }
  }

  private static void check(Node node, String field, String text) {
    if (text.indexOf('\0') >= 0) {
      String step = node.getTitle().isEmpty() ? node.getId() : node.getTitle();
      throw Problem.of(
              Kind.IMPOSSIBLE,
              "build.zero-byte",
              "The " + field + " of a step has a zero byte: " + step,
              text,
              "Remove it; no argument, variable or path can have one.")
          .asException();
    }
  }
}
