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
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/** The parts of package.json that decide how an app is built and started. */
final class PackageJson {

  /** Where it lies in the repository. */
  static final String NAME = "package.json";

  /** Scripts that npm runs while it installs: they may read any file of the app. */
  private static final List<String> INSTALL_SCRIPTS =
      List.of("preinstall", "install", "postinstall", "preprepare", "prepare", "postprepare");

  private static final String DEVELOPMENT = "devDependencies";

  private static final List<String> DEPENDENCIES =
      List.of("dependencies", DEVELOPMENT, "optionalDependencies", "peerDependencies");

  private static final JsonFactory JSON = new JsonFactory();

  private final Map<String, String> scripts = new HashMap<>();
  private String main = "";
  private final Map<String, String> engines = new HashMap<>();
  private String packageManager = "";
  private boolean workspaces;
  private boolean programs;

  /** Names of what the app needs when it runs. */
  private final Set<String> dependencies = new HashSet<>();

  /** Names of what only the build needs. */
  private final Set<String> development = new HashSet<>();

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
        texts(json, scripts::put);
      }
      case "main" -> main = text(json);
      case "engines" -> texts(json, engines::put);
      case "packageManager" -> packageManager = text(json);
      case "workspaces" -> {
        workspaces = true;
        json.skipChildren();
      }
      case "bin" -> {
        programs = true;
        json.skipChildren();
      }
      default -> {
        if (DEPENDENCIES.contains(name)) {
          texts(json, (dependency, version) -> dependency(name, dependency, version));
        } else {
          json.skipChildren();
        }
      }
    }
  }

  private void dependency(String group, String name, String version) {
    (group.equals(DEVELOPMENT) ? development : dependencies).add(name);
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

  /** The name of the script that builds the app, Heroku's before the usual one; empty for none. */
  String buildScript() {
    return List.of("heroku-postbuild", "build").stream()
        .filter(name -> !script(name).isEmpty())
        .findFirst()
        .orElse("");
  }

  /**
   * The range of versions of this program ({@code node}, {@code pnpm}) that the app wants; empty
   * when it is not given.
   */
  String engine(String name) {
    return engines.getOrDefault(name, "");
  }

  /** The package manager that the app asks for, e.g. {@code pnpm@9.15.0}; empty for none. */
  String packageManager() {
    return packageManager;
  }

  /** Whether it names this package among what it needs, be it for the build only. */
  boolean dependsOn(String name) {
    return dependencies.contains(name) || development.contains(name);
  }

  /** Whether it names this package, and only for the build. */
  boolean developsWith(String name) {
    return development.contains(name) && !dependencies.contains(name);
  }

  /** True when there is anything to install. */
  boolean installsAnything() {
    return workspaces || needsWholeTree() || !dependencies.isEmpty() || !development.isEmpty();
  }

  /** True when there is something that only the build needs. */
  boolean hasDevelopmentDependencies() {
    return workspaces || !development.isEmpty();
  }

  /** True when it says that folders of the repository are packages of their own. */
  boolean hasWorkspaces() {
    return workspaces;
  }

  /** True when it brings programs that the installation links. */
  boolean hasPrograms() {
    return programs;
  }

  /** True when the installation runs scripts of the app. */
  boolean hasInstallScripts() {
    return INSTALL_SCRIPTS.stream().anyMatch(name -> !script(name).isEmpty());
  }

  /** True when the installation reads more files than the manifests. */
  boolean needsWholeTree() {
    return dependsOnFolder || hasInstallScripts();
  }
}
