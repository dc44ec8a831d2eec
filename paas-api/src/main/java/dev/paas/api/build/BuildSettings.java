package dev.paas.api.build;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.paas.base.name.Nearest;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.Repository;
import org.jspecify.annotations.Nullable;

/**
 * How an app's commits are built where it is not as the platform finds out by itself, checked:
 * {@code folder}, {@code dockerfile} (in that folder), {@code target} (a stage) and {@code branch}
 * (the one that deploys). Each is there or not.
 */
public record BuildSettings(SortedMap<String, String> values) {

  /** What an app has before anybody sets one. */
  public static final BuildSettings NONE = new BuildSettings(new TreeMap<>());

  private static final String DOCKERFILE = "dockerfile";
  private static final String FOLDER = "folder";
  private static final String TARGET = "target";
  private static final String BRANCH = "branch";

  private static final List<String> NAMES = List.of(BRANCH, DOCKERFILE, FOLDER, TARGET);

  /** Of a path and of a branch, in characters. */
  private static final int MAX_PATH = 1024;

  private static final int MAX_BRANCH = 200;

  private static final Pattern STAGE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  /** The branches that deploy unless one is named. */
  private static final List<String> USUAL =
      List.of(Constants.R_HEADS + "main", Constants.R_HEADS + "master");

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<TreeMap<String, String>> FORM = new TypeReference<>() {};

  /**
   * @throws PaasException {@code build.unknown-setting}, {@code build.bad-setting}
   */
  public BuildSettings {
    TreeMap<String, String> checked = new TreeMap<>();
    values.forEach((name, value) -> checked.put(name, checked(name, value)));
    values = Collections.unmodifiableSortedMap(checked);
  }

  /** The same with some set, then some taken away. */
  public BuildSettings with(SortedMap<String, String> set, Set<String> unset) {
    SortedMap<String, String> after = new TreeMap<>(values);
    after.putAll(set);
    for (String name : unset) {
      require(name);
      after.remove(name);
    }
    return new BuildSettings(after);
  }

  private static String checked(String name, String value) {
    require(name);
    return switch (name) {
      case DOCKERFILE, FOLDER -> path(name, value);
      case TARGET -> STAGE.matcher(value).matches() ? value : refuse(name, value, "a stage's name");
      default -> branch(value);
    };
  }

  private static void require(String name) {
    if (!NAMES.contains(name)) {
      throw Problem.of(
              Kind.INVALID,
              "build.unknown-setting",
              "Builds have no such setting",
              name,
              Nearest.to(name, NAMES).map(near -> "Did you mean " + near + "? ").orElse("")
                  + "There are "
                  + String.join(", ", NAMES)
                  + ".")
          .asException();
    }
  }

  /** Relative and without dots; {@code ./} before it and a slash behind it say nothing. */
  private static String path(String name, String value) {
    List<String> names = new ArrayList<>();
    for (String part : value.split("/")) {
      if (part.equals("..") || part.indexOf('\0') >= 0) {
        return refuse(name, value, "a path below the repository's root");
      }
      if (!part.isEmpty() && !part.equals(".")) {
        names.add(part);
      }
    }
    if (names.isEmpty() || value.startsWith("/") || value.length() > MAX_PATH) {
      return refuse(name, value, "a path below the repository's root");
    }
    return String.join("/", names);
  }

  private static String branch(String value) {
    boolean good =
        value.length() <= MAX_BRANCH
            && !value.startsWith("refs/")
            && Repository.isValidRefName(Constants.R_HEADS + value);
    return good ? value : refuse(BRANCH, value, "the name of a branch");
  }

  private static String refuse(String name, String value, String wanted) {
    throw Problem.of(
            Kind.INVALID,
            "build.bad-setting",
            "The setting " + name + " is " + wanted,
            value,
            "Write e.g. folder=web, dockerfile=docker/Dockerfile.prod, target=release or"
                + " branch=stable.")
        .asException();
  }

  /** The folder of the repository that is built. */
  public Optional<String> folder() {
    return Optional.ofNullable(values.get(FOLDER));
  }

  /** The Dockerfile, as a path in that folder; empty for what is found. */
  public String dockerfile() {
    return values.getOrDefault(DOCKERFILE, "");
  }

  /** The stage to build; empty for the last. */
  public String target() {
    return values.getOrDefault(TARGET, "");
  }

  /** The refs that deploy, the usual one first. */
  public List<String> branches() {
    @Nullable String named = values.get(BRANCH);
    return named == null ? USUAL : List.of(Constants.R_HEADS + named);
  }

  /** Without what the image does not depend on. */
  BuildSettings ofImage() {
    SortedSet<String> others = new TreeSet<>(List.of(BRANCH));
    return with(new TreeMap<>(), others);
  }

  /** Whether equal files come to equal images with both. */
  boolean buildsAs(BuildSettings other) {
    return ofImage().equals(other.ofImage());
  }

  /** The form in which they are stored. */
  public String text() {
    try {
      return JSON.writeValueAsString(values);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** From {@link #text}; none when nothing was stored. */
  public static BuildSettings read(@Nullable String text) {
    try {
      return text == null ? NONE : new BuildSettings(JSON.readValue(text, FORM));
    } catch (JsonProcessingException broken) {
      throw new IllegalStateException("stored build settings", broken);
    }
  }
}
