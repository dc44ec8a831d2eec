package dev.paas.api.http;

import dev.paas.api.store.Seal;
import dev.paas.api.store.Store;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.PlatformSettings;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Keeps answers for {@code api.idempotency-kept}; sealed, because an answer may hold a token. */
@ApplicationScoped
class AnswerStore {

  private final Store store;
  private final Seal seal;
  private final Clock clock;
  private final Duration kept;

  AnswerStore(Store store, Seal seal, Clock clock, PlatformSettings settings) {
    this.store = store;
    this.seal = seal;
    this.clock = clock;
    this.kept = settings.api().idempotencyKept();
  }

  /**
   * The answer that was given to this claim.
   *
   * @throws dev.paas.base.problem.PaasException {@code idempotency.conflict} when the key belongs
   *     to another request
   */
  Optional<KeptAnswer> find(Claim claim) {
    return store.read(
        () -> {
          AnswerRow row =
              AnswerRow.find(
                      "userName = ?1 and idempotencyKey = ?2 and createdAt > ?3",
                      claim.user(),
                      claim.key(),
                      horizon())
                  .firstResult();
          if (row == null) {
            return Optional.empty();
          }
          if (!row.requestHash.equals(claim.requestHash())) {
            throw Problem.of(
                    Kind.CONFLICT,
                    "idempotency.conflict",
                    "This Idempotency-Key belongs to another request",
                    claim.key(),
                    "Use a new key for every new request.")
                .asException();
          }
          return Optional.of(
              new KeptAnswer(row.status, row.mediaType, seal.open(context(claim), row.body)));
        });
  }

  void keep(Claim claim, KeptAnswer answer) {
    store.write(
        () -> {
          AnswerRow.delete("createdAt <= ?1", horizon());
          AnswerRow row = new AnswerRow();
          row.userName = claim.user();
          row.idempotencyKey = claim.key();
          row.requestHash = claim.requestHash();
          row.status = answer.status();
          row.mediaType = answer.mediaType();
          row.body = seal.seal(context(claim), answer.body());
          row.createdAt = clock.instant().truncatedTo(ChronoUnit.MICROS);
          row.persist();
        });
  }

  private Instant horizon() {
    return clock.instant().minus(kept);
  }

  private static String context(Claim claim) {
    return "answer/" + claim.name();
  }
}
