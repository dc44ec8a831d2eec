package dev.paas.builder.buildpack.node;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The parts of package.json that decide how an app is built and started. */
final class PackageJson {

  /** Where it lies in the repository. */
  static final String NAME = "package.json";

  /** Scripts that npm runs while it installs: they may read any file of the app. */
  private static final List<String> INSTALL_SCRIPTS =
      List.of("preinstall", "install", "postinstall", "preprepare", "prepare", "postprepare");

  /** Scripts that decide how the app is built and started. */
  private static final Set<String> SCRIPTS =
      Stream.concat(INSTALL_SCRIPTS.stream(), Stream.of("build", "start", "prestart", "poststart"))
          .collect(Collectors.toUnmodifiableSet());

  private static final List<String> DEPENDENCIES =
      List.of("dependencies", "devDependencies", "optionalDependencies", "peerDependencies");

  private static final JsonFactory JSON = new JsonFactory();

  private final Map<String, String> scripts = new HashMap<>();
  private String main = "";
  private String nodeRange = "";
  private String packageManager = "";
  private boolean workspaces;

  /** Groups of dependencies that are not empty. */
  private final Set<String> groups = new HashSet<>();

  /** A dependency is a folder of the app. */
  private boolean dependsOnFolder;

  private PackageJson() {}

  /**
   * Reads it, and keeps what is asked for only: the file may be large.
   *
   * @throws dev.paas.base.problem.PaasException {@code node.bad-package-json}, with line and column
   */
  static PackageJson parse(String text) {
    PackageJson read = new PackageJson();
    try (JsonParser json = JSON.createParser(text)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        // What is no JSON at all is said by reading on.
        while (json.nextToken() != null) {}
        throw Problem.of(
                Kind.INVALID,
                "node.bad-package-json",
                "package.json does not hold a JSON object",
                "Begin the file with { and end it with }; npm init writes one.")
            .asException();
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        json.nextToken();
        read.field(name, json);
      }
      if (json.nextToken() != null) {
        throw new JsonParseException(json, "there is more behind the closing brace");
      }
      return read;
    } catch (JsonProcessingException e) {
      throw broken(e);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private static PaasException broken(JsonProcessingException e) {
    String what = e.getOriginalMessage();
    int end = what.indexOf('\n');
    String place =
        e.getLocation() == null
            ? ""
            : ":" + e.getLocation().getLineNr() + ":" + e.getLocation().getColumnNr();
    return Problem.of(
            Kind.INVALID,
            "node.bad-package-json",
            "package.json" + place + " is not JSON: " + (end < 0 ? what : what.substring(0, end)),
            "Correct the file; commas after the last entry and comments are not JSON.")
        .asException(e);
  }

  private void field(String name, JsonParser json) throws IOException {
    switch (name) {
      case "scripts" -> {
        scripts.clear();
        texts(
            json,
            (script, text) -> {
              if (SCRIPTS.contains(script)) {
                scripts.put(script, text);
              }
            });
      }
      case "main" -> main = text(json);
      case "engines" ->
          texts(json, (engine, range) -> nodeRange = engine.equals("node") ? range : nodeRange);
      case "packageManager" -> packageManager = text(json);
      case "workspaces" -> {
        workspaces = true;
        json.skipChildren();
      }
      default -> {
        if (DEPENDENCIES.contains(name)) {
          texts(json, (dependency, version) -> dependency(name, version));
        } else {
          json.skipChildren();
        }
      }
    }
  }

  private void dependency(String group, String version) {
    groups.add(group);
    dependsOnFolder |=
        version.startsWith("file:") || version.startsWith("link:") || version.startsWith(".");
  }

  /** The fields of an object, or nothing when it is something else; what is no text is empty. */
  private static void texts(JsonParser json, BiConsumer<String, String> taker) throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      json.skipChildren();
      return;
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      taker.accept(name, text(json));
    }
  }

  private static String text(JsonParser json) throws IOException {
    if (json.currentToken().isScalarValue() && json.currentToken() != JsonToken.VALUE_NULL) {
      return json.getText().strip();
    }
    json.skipChildren();
    return "";
  }

  /** Empty when there is no such script. */
  String script(String name) {
    return scripts.getOrDefault(name, "");
  }

  /** The entry file; empty when it is not given. */
  String main() {
    return main;
  }

  /** The range of Node versions that the app wants; empty when it is not given. */
  String nodeRange() {
    return nodeRange;
  }

  /** The name of the package manager that the app asks for, e.g. {@code yarn}; empty for none. */
  String packageManager() {
    int at = packageManager.indexOf('@');
    String name = at < 0 ? packageManager : packageManager.substring(0, at);
    return name.toLowerCase(Locale.ROOT);
  }

  /** True when npm has anything to do. */
  boolean installsAnything() {
    return needsWholeTree() || !groups.isEmpty();
  }

  /** True when there is something that only the build needs. */
  boolean hasDevelopmentDependencies() {
    return workspaces || groups.contains("devDependencies");
  }

  /** True when the installation reads more files than the manifests. */
  boolean needsWholeTree() {
    return workspaces
        || dependsOnFolder
        || INSTALL_SCRIPTS.stream().anyMatch(name -> !script(name).isEmpty());
  }
}
