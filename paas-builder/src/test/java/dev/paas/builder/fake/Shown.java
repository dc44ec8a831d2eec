package dev.paas.builder.fake;

import dev.paas.builder.plan.Plan;
import dev.paas.contract.runtime.CopyOp;
import dev.paas.contract.runtime.ExecMount;
import dev.paas.contract.runtime.ExecOp;
import dev.paas.contract.runtime.MakeDirOp;
import dev.paas.contract.runtime.Node;
import java.util.stream.Collectors;

/** A graph as text, one node a line, for comparison with what a test expects. */
public final class Shown {

  private Shown() {}

  public static String graph(Plan plan) {
    return plan.draft().getNodesList().stream()
            .map(node -> node.getId() + " " + operation(node))
            .collect(Collectors.joining("\n"))
        + "\n=> "
        + plan.draft().getOutput()
        + "\n";
  }

  private static String operation(Node node) {
    return switch (node.getOpCase()) {
      case IMAGE ->
          node.getImage().getRef().isEmpty() ? "scratch" : "image " + node.getImage().getRef();
      case TREE -> "tree";
      case EXEC -> exec(node.getExec());
      case COPY -> copy(node.getCopy());
      case MAKE_DIR -> makeDirectory(node.getMakeDir());
      case FETCH ->
          "fetch %s as %s %s"
              .formatted(
                  node.getFetch().getUrl(),
                  node.getFetch().getName(),
                  node.getFetch().getChecksum())
              .strip();
      case OP_NOT_SET -> "nothing";
    };
  }

  private static String exec(ExecOp exec) {
    String caches =
        exec.getCachesList().stream()
            .map(cache -> " cache " + cache.getId() + "=" + cache.getTarget())
            .collect(Collectors.joining());
    String mounts = exec.getMountsList().stream().map(Shown::mount).collect(Collectors.joining());
    return "%s: exec %s in %s as %s%s%s%s"
        .formatted(
            exec.getInput(),
            exec.getArgvList(),
            exec.getWorkingDir(),
            exec.getUser().isEmpty() ? "root" : exec.getUser(),
            caches,
            mounts,
            exec.getWithoutNetwork() ? " without network" : "");
  }

  private static String mount(ExecMount mount) {
    ExecMount.Bind bind = mount.getBind();
    if (mount.hasSecret()) {
      ExecMount.Secret secret = mount.getSecret();
      return " secret %s=%s env '%s' of %s mode %o"
          .formatted(
              secret.getId(),
              mount.getTarget(),
              secret.getVariable(),
              secret.getOwner(),
              secret.getMode());
    }
    return mount.hasTmpfs()
        ? " tmpfs " + mount.getTarget() + ":" + mount.getTmpfs().getBytes()
        : " bind %s:%s=%s%s"
            .formatted(
                bind.getFrom(), bind.getPath(), mount.getTarget(), bind.getWritable() ? " rw" : "");
  }

  private static String copy(CopyOp copy) {
    return "%s: copy %s %s -> %s%s%s%s%s%s%s"
        .formatted(
            copy.getInput(),
            copy.getFrom(),
            copy.getSourcesList(),
            copy.getDestination(),
            copy.getOwner().isEmpty() ? "" : " owner " + copy.getOwner(),
            copy.getMode().isEmpty() ? "" : " mode " + copy.getMode(),
            copy.getUnpack() ? " unpacked" : "",
            copy.getParents() ? " with parents" : "",
            copy.getLeftOutCount() == 0 ? "" : " except " + copy.getLeftOutList(),
            copy.getExcludesCount() == 0 ? "" : " without " + copy.getExcludesList());
  }

  private static String makeDirectory(MakeDirOp make) {
    return "%s: mkdir %s%s"
        .formatted(
            make.getInput(),
            make.getPath(),
            make.getOwner().isEmpty() ? "" : " owner " + make.getOwner());
  }
}
