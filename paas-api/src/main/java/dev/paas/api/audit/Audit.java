package dev.paas.api.audit;

import dev.paas.api.store.Store;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who did what. An act is recorded inside the commit that does it, so that there is never the one
 * without the other. What ends later than its commit (a push, a run, a pull) is recorded when it is
 * accepted, and its entry is completed when it ends.
 */
@ApplicationScoped
public class Audit {

  static final String DONE = "done";
  static final String BEGUN = "begun";
  static final String FAILED = "failed";
  static final String INTERRUPTED = "interrupted";
  static final String REFUSED = "refused";

  /** Longer subjects and addresses are cut, in characters. */
  private static final int MAX_SUBJECT = 400;

  private static final int MAX_ADDRESS = 64;
  private static final int MAX_CREDENTIAL = 100;

  private final Store store;
  private final Clock clock;

  public Audit(Store store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  /** Something that is done when the surrounding commit is. */
  public void done(Actor actor, String kind, @Nullable AppName app, String subject) {
    record(row(clock.instant(), actor, kind, app, subject, DONE));
  }

  /**
   * Something that has been accepted and ends later.
   *
   * @return its entry, which {@link #ended} or {@link Endings} complete
   */
  public long begun(Actor actor, String kind, @Nullable AppName app, String subject) {
    return record(row(clock.instant(), actor, kind, app, subject, BEGUN));
  }

  /** Something that was tried and did not succeed. */
  public void failed(
      Actor actor, String kind, @Nullable AppName app, String subject, Problem problem) {
    AuditRow row = row(clock.instant(), actor, kind, app, subject, FAILED);
    row.code = problem.code();
    record(row);
  }

  /** What had begun has been done, or has failed for this reason; within the surrounding commit. */
  public void ended(long entry, Optional<Problem> problem) {
    ended(entry, problem.isPresent() ? FAILED : DONE, problem.map(Problem::code).orElse(""));
  }

  void ended(long entry, String outcome, String code) {
    store.write(
        () ->
            AuditRow.<AuditRow>find("id = ?1 and outcome = ?2", entry, BEGUN)
                .firstResultOptional()
                .ifPresent(
                    row -> {
                      row.outcome = outcome;
                      row.code = code;
                    }));
  }

  /** At start: what had begun has ended with the process. Pushes go on, and end by themselves. */
  void interruptAll() {
    store.write(
        () ->
            AuditRow.update(
                "outcome = ?1 where outcome = ?2 and kind <> 'push'", INTERRUPTED, BEGUN));
  }

  /** Something that was refused so many times within the minute that begins at {@code at}. */
  void refused(Refusals.Refused refused, long times) {
    record(refusal(refused, times));
  }

  static AuditRow refusal(Refusals.Refused refused, long times) {
    AuditRow row =
        row(refused.minute(), refused.actor(), refused.kind(), null, refused.subject(), REFUSED);
    row.app = refused.app();
    row.code = refused.code();
    row.times = times;
    return row;
  }

  private static AuditRow row(
      Instant at, Actor actor, String kind, @Nullable AppName app, String subject, String outcome) {
    AuditRow row = new AuditRow();
    row.at = at.truncatedTo(ChronoUnit.MICROS);
    row.user = actor.user();
    row.credential = cut(actor.credential(), MAX_CREDENTIAL);
    row.address = cut(actor.address(), MAX_ADDRESS);
    row.kind = kind;
    row.app = app == null ? "" : app.value();
    row.subject = cut(Problem.printable(subject), MAX_SUBJECT);
    row.outcome = outcome;
    row.code = "";
    row.times = 1;
    return row;
  }

  private long record(AuditRow row) {
    store.write(() -> row.persist());
    return row.id;
  }

  private static String cut(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most - 1) + "…";
  }

  /**
   * What to look for.
   *
   * @param since not older
   * @param user only what this user did
   * @param app only what was about this app
   * @param before only entries with a smaller id, for the next page
   */
  public record Query(
      Instant since, Optional<String> user, Optional<String> app, Optional<Long> before) {

    private boolean takes(Entry unwritten) {
      return before.isEmpty()
          && !unwritten.at().isBefore(since.truncatedTo(ChronoUnit.MINUTES))
          && user.map(unwritten.user()::equals).orElse(true)
          && app.map(unwritten.app()::equals).orElse(true);
    }
  }

  /**
   * What somebody who is no admin may see: what they did, and what was done to their apps since
   * these are theirs. An earlier app of the same name may have been another's.
   */
  public record Sight(String user, Map<AppName, Instant> apps) {

    private boolean sees(Entry unwritten) {
      return user.equals(unwritten.user())
          || apps.entrySet().stream()
              .anyMatch(
                  own ->
                      own.getKey().value().equals(unwritten.app())
                          && !unwritten.at().isBefore(own.getValue()));
    }
  }

  /**
   * The newest entries that match and may be seen.
   *
   * @param unwritten counts of refusals that are not written yet, with id 0; they come first
   */
  public List<Entry> find(Query query, Optional<Sight> sight, List<Entry> unwritten, int limit) {
    Stream<Entry> counted =
        unwritten.stream()
            .filter(query::takes)
            .filter(entry -> sight.map(seen -> seen.sees(entry)).orElse(true));
    return Stream.concat(counted, written(query, sight, limit).stream()).limit(limit).toList();
  }

  private List<Entry> written(Query query, Optional<Sight> sight, int limit) {
    StringJoiner where = new StringJoiner(" and ");
    Map<String, Object> values = new HashMap<>();
    where.add("at >= :since");
    values.put("since", query.since());
    query.user().ifPresent(user -> add(where, values, "user = :user", "user", user));
    query.app().ifPresent(app -> add(where, values, "app = :app", "app", app));
    // After entry 0 come the newest that are written.
    query
        .before()
        .filter(id -> id != 0)
        .ifPresent(id -> add(where, values, "id < :before", "before", id));
    sight.ifPresent(seen -> limit(where, values, seen));
    return store.read(
        () ->
            AuditRow.<AuditRow>find(where + " order by id desc", values)
                .page(0, limit)
                .list()
                .stream()
                .map(AuditRow::entry)
                .toList());
  }

  private static void limit(StringJoiner where, Map<String, Object> values, Sight sight) {
    List<String> ways = new ArrayList<>();
    ways.add("user = :self");
    values.put("self", sight.user());
    int number = 0;
    for (Map.Entry<AppName, Instant> own : sight.apps().entrySet()) {
      ways.add("(app = :app" + number + " and at >= :from" + number + ")");
      values.put("app" + number, own.getKey().value());
      values.put("from" + number, own.getValue());
      number++;
    }
    where.add("(" + String.join(" or ", ways) + ")");
  }

  private static void add(
      StringJoiner where, Map<String, Object> values, String condition, String name, Object value) {
    where.add(condition);
    values.put(name, value);
  }

  /** Removes entries that are older than {@code oldest}; how many. */
  long removeBefore(Instant oldest, int most) {
    return store.commit(() -> remove(ids("at < ?1 order by id", most, oldest)));
  }

  /**
   * Removes the oldest entries of the users with the most until the table is small enough, so that
   * nobody can push out what others did by doing much. Of each user what was refused counts for
   * itself: refusals push out neither what was done nor the entries of the platform, which has no
   * name, just as somebody whom nobody knows.
   *
   * @param most how many to remove at once
   */
  long removeAbove(long maxRows, int most) {
    return store.commit(
        () -> {
          long tooMany = AuditRow.count() - maxRows;
          if (tooMany <= 0) {
            return 0L;
          }
          List<Object[]> largest =
              AuditRow.getEntityManager()
                  .createQuery(
                      "select a.user, a.outcome, count(*) from AuditRow a"
                          + " group by a.user, a.outcome order by count(*) desc",
                      Object[].class)
                  .setMaxResults(1)
                  .getResultList();
          Object[] who = largest.get(0);
          return remove(
              ids(
                  "user = ?1 and outcome = ?2 order by id",
                  (int) Math.min(most, tooMany),
                  who[0],
                  who[1]));
        });
  }

  private static List<Long> ids(String query, int most, Object... values) {
    return AuditRow.<AuditRow>find(query, values).page(0, most).list().stream()
        .map(row -> row.id)
        .toList();
  }

  private static long remove(List<Long> ids) {
    return ids.isEmpty() ? 0 : AuditRow.delete("id in ?1", ids);
  }
}
