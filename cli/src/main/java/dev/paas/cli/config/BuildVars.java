package dev.paas.cli.config;

import dev.paas.cli.command.Syntax;
import dev.paas.cli.command.UsageException;
import java.util.Map;

/** Which of an app's vars a command is about: those of its instances, or those of its builds. */
final class BuildVars {

  private boolean build;
  private boolean secret;

  /** Declares the flags that choose. */
  void declare(Syntax syntax) {
    syntax
        .flag("--build", "Of builds, not of instances: ARG, or environment.", () -> build = true)
        .flag("--secret", "Of builds, and kept nowhere: RUN --mount.", () -> secret = true);
  }

  /** Whether it is about builds. */
  boolean chosen() {
    if (build && secret) {
      throw new UsageException(
          "A var is --build or --secret, not both",
          "Choose --secret for what must not be in the image.");
    }
    return build || secret;
  }

  /** The change that sets these. */
  Map<String, ?> setting(Map<String, String> values) {
    return Map.of(secret ? "secrets" : "vars", values);
  }

  /** What to say of it. */
  String set() {
    return secret
        ? "Set; builds see it by RUN --mount=type=secret,id=NAME, from the next push on."
        : "Set; builds see it from the next push on. It may end up in the image: set what must"
            + " not by --secret.";
  }
}
