package dev.paas.runtime.solve.step;

import dev.paas.contract.runtime.ExecMount;
import dev.paas.runtime.content.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;

/**
 * Builds the key of a step: a digest of every value that can change what it makes. Values are
 * written with their length, so that no two different lists of values run together.
 */
public final class StepKey {

  /** Changes when a step of the same description makes another layer than before. */
  private static final String FORMAT = "1";

  private final MessageDigest digest = Sha256.algorithm();

  public StepKey(String operation) {
    add(FORMAT);
    add(operation);
  }

  /**
   * The key of a step that is found again only by builds of the same scope: that a step is cached
   * tells whoever sees it that somebody has run it.
   *
   * @param scope empty for a step that everybody may find
   */
  public StepKey(String operation, String scope) {
    this(operation);
    if (!scope.isEmpty()) {
      add("scope");
      add(scope);
    }
  }

  public StepKey add(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
    digest.update(bytes);
    return this;
  }

  /**
   * What most steps don't have is no part of their keys, which are those of before there was any.
   */
  public StepKey addIfSet(String what, String value) {
    return value.isEmpty() ? this : add(what).add(value);
  }

  public StepKey add(List<String> values) {
    add(values.size() + " values");
    values.forEach(this::add);
    return this;
  }

  public StepKey add(Rootfs rootfs) {
    return add(rootfs.layers().stream().map(Sha256::value).toList());
  }

  /** A secret that the step sees: by its fingerprint, never by its value. */
  public StepKey add(Secrets secrets, ExecMount.Secret mount) {
    secrets.addTo(this, mount);
    return this;
  }

  public Sha256 finish() {
    return Sha256.finish(digest);
  }
}
