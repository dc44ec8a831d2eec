package dev.paas.builder.buildpack.node;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.paas.base.problem.Problem;
import java.util.List;
import java.util.Locale;

/** The parts of package.json that decide how an app is built and started. */
final class PackageJson {

  /** Scripts that npm runs while it installs: they may read any file of the app. */
  private static final List<String> INSTALL_SCRIPTS =
      List.of("preinstall", "install", "postinstall", "preprepare", "prepare", "postprepare");

  private static final List<String> DEPENDENCIES =
      List.of("dependencies", "devDependencies", "optionalDependencies", "peerDependencies");

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final JsonNode json;

  private PackageJson(JsonNode json) {
    this.json = json;
  }

  /**
   * Reads it.
   *
   * @throws dev.paas.base.problem.PaasException {@code node.bad-package-json}, with line and column
   */
  static PackageJson parse(String text) {
    try {
      JsonNode json = JSON.readTree(text);
      if (!json.isObject()) {
        throw Problem.of(
                "node.bad-package-json",
                "package.json does not hold a JSON object",
                "Begin the file with { and end it with }; npm init writes one.")
            .asException();
      }
      return new PackageJson(json);
    } catch (JsonProcessingException e) {
      String what = e.getOriginalMessage();
      int end = what.indexOf('\n');
      String place =
          e.getLocation() == null
              ? ""
              : ":" + e.getLocation().getLineNr() + ":" + e.getLocation().getColumnNr();
      throw Problem.of(
              "node.bad-package-json",
              "package.json" + place + " is not JSON: " + (end < 0 ? what : what.substring(0, end)),
              "Correct the file; commas after the last entry and comments are not JSON.")
          .asException(e);
    }
  }

  /** Empty when there is no such script. */
  String script(String name) {
    return json.path("scripts").path(name).asText("").strip();
  }

  /** The entry file; empty when it is not given. */
  String main() {
    return json.path("main").asText("").strip();
  }

  /** The range of Node versions that the app wants; empty when it is not given. */
  String nodeRange() {
    return json.path("engines").path("node").asText("").strip();
  }

  /** The name of the package manager that the app asks for, e.g. {@code yarn}; empty for none. */
  String packageManager() {
    String manager = json.path("packageManager").asText("");
    int at = manager.indexOf('@');
    return (at < 0 ? manager : manager.substring(0, at)).toLowerCase(Locale.ROOT);
  }

  /** True when npm has anything to do. */
  boolean installsAnything() {
    return needsWholeTree() || DEPENDENCIES.stream().anyMatch(group -> !json.path(group).isEmpty());
  }

  /** True when there is something that only the build needs. */
  boolean hasDevelopmentDependencies() {
    return json.has("workspaces") || !json.path("devDependencies").isEmpty();
  }

  /** True when the installation reads more files than the manifests. */
  boolean needsWholeTree() {
    if (json.has("workspaces")) {
      return true;
    }
    for (String script : INSTALL_SCRIPTS) {
      if (!script(script).isEmpty()) {
        return true;
      }
    }
    for (String group : DEPENDENCIES) {
      for (JsonNode version : json.path(group)) {
        String range = version.asText("");
        if (range.startsWith("file:") || range.startsWith("link:") || range.startsWith(".")) {
          return true;
        }
      }
    }
    return false;
  }
}
