package dev.paas.api.history;

import dev.paas.api.access.CurrentUser;
import dev.paas.api.access.Needs;
import dev.paas.api.access.Permission;
import dev.paas.api.app.App;
import dev.paas.api.app.Apps;
import dev.paas.api.audit.Audit;
import dev.paas.api.audit.Entry;
import dev.paas.api.audit.Refusals;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The audit over HTTP: admins see all of it, others what they did and what befell their apps. */
@Path("/v1/audit")
public final class AuditResource {

  private static final int MAX_ENTRIES = 1000;

  private static final Pattern SINCE = Pattern.compile("([1-9][0-9]{0,5})([smhd])");

  private final Audit audit;
  private final Refusals refusals;
  private final Apps apps;
  private final CurrentUser current;
  private final Clock clock;

  AuditResource(Audit audit, Refusals refusals, Apps apps, CurrentUser current, Clock clock) {
    this.audit = audit;
    this.refusals = refusals;
    this.apps = apps;
    this.current = current;
    this.clock = clock;
  }

  @GET
  @Needs(Permission.SEE_AUDIT)
  public List<Entry> list(
      @QueryParam("since") @Nullable String since,
      @QueryParam("user") @Nullable String user,
      @QueryParam("app") @Nullable String app,
      @QueryParam("before") @Nullable Long before,
      @QueryParam("limit") @DefaultValue("100") int limit) {
    if (limit < 1 || limit > MAX_ENTRIES) {
      throw Problem.of(
              Kind.INVALID,
              "audit.bad-limit",
              "So many entries can't be read at once",
              String.valueOf(limit),
              "Ask for 1 to " + MAX_ENTRIES + ", then for those before the last.")
          .asException();
    }
    Audit.Query query =
        new Audit.Query(
            since == null ? Instant.EPOCH : clock.instant().minus(duration(since)),
            Optional.ofNullable(user),
            Optional.ofNullable(app),
            Optional.ofNullable(before));
    return audit.find(query, sight(), refusals.unwritten(), limit);
  }

  private Optional<Audit.Sight> sight() {
    if (current.may(Permission.SEE_WHOLE_AUDIT)) {
      return Optional.empty();
    }
    return Optional.of(
        new Audit.Sight(
            current.user().name(),
            apps.list(current.subject()).stream()
                .collect(Collectors.toMap(App::name, App::createdAt))));
  }

  static Duration duration(String text) {
    Matcher matcher = SINCE.matcher(text);
    if (!matcher.matches()) {
      throw Problem.of(
              Kind.INVALID,
              "audit.bad-since",
              "This is not a time to look back",
              text,
              "Write it like 30m, 2h or 7d.")
          .asException();
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }
}
