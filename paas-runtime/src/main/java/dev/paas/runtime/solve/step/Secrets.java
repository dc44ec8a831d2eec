package dev.paas.runtime.solve.step;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.contract.runtime.ExecMount;
import dev.paas.contract.runtime.ExecOp;
import dev.paas.contract.runtime.SolveRequest;
import dev.paas.runtime.sandbox.SandboxMounts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What steps of one build may see that must stay nowhere: values are in memory only, as files and
 * variables of the steps that ask for them. A key has their fingerprints.
 */
public final class Secrets {

  private static final int MODE = 0400;

  private final Map<String, SolveRequest.Secret> byId = new HashMap<>();

  /** Those that came with a build. */
  public Secrets(List<SolveRequest.Secret> secrets) {
    secrets.forEach(secret -> byId.put(secret.getId(), secret));
  }

  /** Adds what a step sees of one: where, how, and a fingerprint of its value. */
  void addTo(StepKey key, ExecMount.Secret mount) {
    key.add("secret")
        .add(mount.getVariable())
        .add(mount.getOwner())
        .add(Integer.toOctalString(mount.getMode()))
        .add(named(mount).getFingerprint());
  }

  /** The files that a step gets. */
  public List<SandboxMounts.Secret> files(ExecOp op) {
    List<SandboxMounts.Secret> files = new ArrayList<>();
    for (ExecMount mount : op.getMountsList()) {
      if (mount.hasSecret() && !mount.getTarget().isEmpty()) {
        ExecMount.Secret secret = mount.getSecret();
        files.add(
            new SandboxMounts.Secret(
                mount.getTarget(),
                named(secret).getValue(),
                secret.getOwner(),
                secret.getMode() == 0 ? MODE : secret.getMode()));
      }
    }
    return files;
  }

  /** The environment that a step gets: its own, and the secrets that are variables of it. */
  public List<String> environment(ExecOp op) {
    List<String> env = new ArrayList<>(op.getEnvList());
    for (ExecMount mount : op.getMountsList()) {
      String variable = mount.getSecret().getVariable();
      if (!variable.isEmpty()) {
        env.removeIf(set -> set.startsWith(variable + "="));
        env.add(variable + "=" + named(mount.getSecret()).getValue());
      }
    }
    return env;
  }

  private SolveRequest.Secret named(ExecMount.Secret mount) {
    SolveRequest.Secret secret = byId.get(mount.getId());
    if (secret == null) {
      throw Problem.of(
              Kind.IMPOSSIBLE,
              "build.bad-graph",
              "The build graph can't be executed: a mount has a secret that did not come with it",
              mount.getId(),
              "This is a fault of the caller; send each secret that a mount names.")
          .asException();
    }
    return secret;
  }

  /** How many there are. */
  @Override
  public String toString() {
    return byId.size() + " secrets";
  }
}
