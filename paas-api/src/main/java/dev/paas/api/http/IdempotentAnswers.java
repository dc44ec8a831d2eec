package dev.paas.api.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.paas.api.store.Store;
import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The answer to the write that is being served. A resource that gives its answer inside its commit
 * has both or neither after a crash, so that a repetition with the same Idempotency-Key never does
 * the work twice:
 *
 * <pre>{@code
 * return answers.commit(201, () -> apps.create(user, actor, name));
 * }</pre>
 *
 * A resource that does not is remembered when it has returned; a crash between its commit and that
 * makes a repetition run again.
 */
@RequestScoped
public class IdempotentAnswers {

  private final Store store;
  private final AnswerStore kept;
  private final ObjectMapper json;
  private @Nullable Claim claim;
  private boolean remembered;

  public IdempotentAnswers(Store store, AnswerStore kept, ObjectMapper json) {
    this.store = store;
    this.kept = kept;
    this.json = json;
  }

  /** Does a write and answers with what it returns, as JSON, in one commit. */
  public Response commit(int status, Supplier<?> write) {
    return store.commit(() -> give(status, write.get()));
  }

  private Response give(int status, Object entity) {
    return remember(status, MediaType.APPLICATION_JSON, text(entity));
  }

  /** An answer without a body (204), remembered in the surrounding commit. */
  public Response giveNothing() {
    return remember(Response.Status.NO_CONTENT.getStatusCode(), "", "");
  }

  void serves(Claim claimed) {
    claim = claimed;
  }

  /** Remembers what a resource answered that did not use {@link #commit}. */
  void late(int status, String mediaType, @Nullable Object entity) {
    if (claim != null && !remembered && isFinal(status)) {
      remember(
          status,
          mediaType,
          entity instanceof String text ? text : entity == null ? "" : text(entity));
    }
  }

  /**
   * Whether a repetition would meet the same refusal; what has to do with load or time is not
   * final.
   */
  private static boolean isFinal(int status) {
    return status >= 200
        && status < 500
        && status != 401
        && status != 408
        && status != 413
        && status != 429;
  }

  private Response remember(int status, String mediaType, String body) {
    KeptAnswer answer = new KeptAnswer(status, mediaType, body.getBytes(StandardCharsets.UTF_8));
    Claim claimed = claim;
    if (claimed != null) {
      kept.keep(claimed, answer);
      store.afterCommit(() -> remembered = true);
    }
    return answer.response();
  }

  private String text(Object entity) {
    try {
      return json.writeValueAsString(entity);
    } catch (JsonProcessingException bug) {
      throw new IllegalStateException(bug);
    }
  }
}
