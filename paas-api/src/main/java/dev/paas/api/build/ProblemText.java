package dev.paas.api.build;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.paas.base.problem.Problem;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The form in which the problem of something that failed is stored. */
public final class ProblemText {

  private static final ObjectMapper JSON = new ObjectMapper();

  private ProblemText() {}

  public static String write(Problem problem) {
    try {
      return JSON.writeValueAsString(problem);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  public static Optional<Problem> read(@Nullable String text) {
    if (text == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(JSON.readValue(text, Problem.class));
    } catch (JsonProcessingException broken) {
      throw new IllegalStateException("a stored problem", broken);
    }
  }
}
