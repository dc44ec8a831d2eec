package dev.paas.api.http;

import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.PlatformSettings;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.ext.Provider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of a write within its bound and gives a repeated write the answer of the first. A
 * repetition that comes while the first is being served waits for it.
 */
@Provider
@Priority(Priorities.USER)
class WriteFilter implements ContainerRequestFilter, ContainerResponseFilter {

  private static final Set<String> WRITES = Set.of("POST", "PUT", "PATCH", "DELETE");
  private static final Pattern KEY = Pattern.compile("[\\x20-\\x7e]{1,100}");
  private static final String CLAIM = "dev.paas.claim";

  /** How long a repetition waits for the first: the longest write is a destruction that drains. */
  private static final int WAIT_SECONDS = 120;

  private final AnswerStore kept;
  private final IdempotentAnswers answers;
  private final long maxBody;
  private final ConcurrentHashMap<String, CountDownLatch> underWay = new ConcurrentHashMap<>();

  WriteFilter(AnswerStore kept, IdempotentAnswers answers, PlatformSettings settings) {
    this.kept = kept;
    this.answers = answers;
    this.maxBody = settings.api().maxBody().bytes();
  }

  @Override
  public void filter(ContainerRequestContext request) throws IOException {
    if (!WRITES.contains(request.getMethod()) || isStream(request.getMediaType())) {
      return;
    }
    byte[] body = body(request);
    String key = request.getHeaderString("Idempotency-Key");
    if (key == null || request.getSecurityContext().getUserPrincipal() == null) {
      return;
    }
    if (!KEY.matcher(key).matches()) {
      throw Problem.of(
              Kind.INVALID,
              "idempotency.bad-key",
              "This is not an Idempotency-Key",
              key,
              "Use 1 to 100 printable ASCII characters.")
          .asException();
    }
    Claim claim =
        new Claim(
            request.getSecurityContext().getUserPrincipal().getName(), key, hash(request, body));
    await(claim);
    Optional<KeptAnswer> earlier;
    try {
      earlier = kept.find(claim);
    } catch (RuntimeException failed) {
      release(claim);
      throw failed;
    }
    if (earlier.isPresent()) {
      release(claim);
      request.abortWith(earlier.get().response());
      return;
    }
    request.setProperty(CLAIM, claim);
    answers.serves(claim);
  }

  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    if (request.getProperty(CLAIM) instanceof Claim claim) {
      try {
        MediaType type = response.getMediaType();
        if (!response.hasEntity() || type == null || !isStream(type)) {
          answers.late(response.getStatus(), type == null ? "" : plain(type), response.getEntity());
        }
      } finally {
        release(claim);
      }
    }
  }

  private void await(Claim claim) {
    CountDownLatch mine = new CountDownLatch(1);
    CountDownLatch first = underWay.putIfAbsent(claim.name(), mine);
    while (first != null) {
      try {
        if (!first.await(WAIT_SECONDS, TimeUnit.SECONDS)) {
          throw busy(claim);
        }
      } catch (InterruptedException closing) {
        Thread.currentThread().interrupt();
        throw busy(claim);
      }
      first = underWay.putIfAbsent(claim.name(), mine);
    }
  }

  private void release(Claim claim) {
    CountDownLatch mine = underWay.remove(claim.name());
    if (mine != null) {
      mine.countDown();
    }
  }

  private byte[] body(ContainerRequestContext request) throws IOException {
    if (request.getLength() > maxBody) {
      throw ProblemMappers.tooLarge().asException();
    }
    byte[] body = request.getEntityStream().readNBytes(Math.toIntExact(maxBody) + 1);
    if (body.length > maxBody) {
      throw ProblemMappers.tooLarge().asException();
    }
    checkText(body);
    request.setEntityStream(new ByteArrayInputStream(body));
    return body;
  }

  /**
   * RFC 8259 §8.1; a parser that guesses the encoding reads other fields than one that does not.
   */
  private static void checkText(byte[] body) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
      if (text.indexOf('\0') < 0) {
        return;
      }
    } catch (CharacterCodingException other) {
      // Said below.
    }
    throw Problem.of(Kind.INVALID, "http.bad-json", "The body is not UTF-8", "Send JSON as UTF-8.")
        .asException();
  }

  private static boolean isStream(@Nullable MediaType type) {
    return type != null
        && !type.getSubtype().equals("json")
        && !type.getSubtype().endsWith("+json");
  }

  private static String plain(MediaType type) {
    return type.getType() + "/" + type.getSubtype();
  }

  private static String hash(ContainerRequestContext request, byte[] body) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      String head =
          request.getMethod() + " " + request.getUriInfo().getRequestUri().getRawPath() + "\n";
      digest.update(head.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest.digest(body));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static PaasException busy(Claim claim) {
    return Problem.of(
            Kind.BUSY,
            "idempotency.busy",
            "The first request with this Idempotency-Key is still being served",
            claim.key(),
            "Try again with the same key in a moment.")
        .asException();
  }
}
