package dev.paas.api.build;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.paas.api.runtime.KindOfCode;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The form in which the problem of something that failed is stored. */
public final class ProblemText {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** The text's members; rows of versions before kinds have none. */
  private record Stored(@Nullable Kind kind, String code, String what, String value, String fix) {}

  private ProblemText() {}

  public static String write(Problem problem) {
    try {
      return JSON.writeValueAsString(
          new Stored(
              problem.kind(), problem.code(), problem.what(), problem.value(), problem.fix()));
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  public static Optional<Problem> read(@Nullable String text) {
    if (text == null) {
      return Optional.empty();
    }
    try {
      Stored stored = JSON.readValue(text, Stored.class);
      Kind kind = stored.kind() == null ? KindOfCode.of(stored.code()) : stored.kind();
      return Optional.of(
          new Problem(kind, stored.code(), stored.what(), stored.value(), stored.fix()));
    } catch (JsonProcessingException broken) {
      throw new IllegalStateException("a stored problem", broken);
    }
  }
}
