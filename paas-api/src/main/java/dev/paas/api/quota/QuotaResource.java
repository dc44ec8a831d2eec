package dev.paas.api.quota;

import dev.paas.api.access.CurrentUser;
import dev.paas.api.access.NamedUsers;
import dev.paas.api.access.Needs;
import dev.paas.api.access.Permission;
import dev.paas.api.http.IdempotentAnswers;
import dev.paas.api.identity.User;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Quotas over HTTP: users see their own, admins see and set everybody's. */
@Path("/v1/quota")
@Consumes(MediaType.APPLICATION_JSON)
public final class QuotaResource {

  private final Quotas quotas;
  private final NamedUsers users;
  private final CurrentUser current;
  private final IdempotentAnswers answers;

  /**
   * One quota of a user.
   *
   * @param limit null when there is none
   * @param given whether it is other than the default
   */
  public record Line(String name, @Nullable String limit, String used, boolean given) {}

  /** All of a user. */
  public record Lines(String user, List<Line> quotas) {}

  QuotaResource(Quotas quotas, NamedUsers users, CurrentUser current, IdempotentAnswers answers) {
    this.quotas = quotas;
    this.users = users;
    this.current = current;
    this.answers = answers;
  }

  @GET
  @Needs(Permission.SEE_QUOTAS)
  public Lines list(@QueryParam("user") @Nullable String user) {
    return lines(users.known(user));
  }

  @PUT
  @Needs(Permission.SET_QUOTAS)
  public Response set(
      @QueryParam("user") @Nullable String user, @Nullable Map<String, @Nullable String> body) {
    Map<Quota, Optional<Long>> amounts = new EnumMap<>(Quota.class);
    Map<String, @Nullable String> given = body == null ? Map.of() : body;
    given.forEach(
        (name, written) -> {
          Quota quota = Quota.named(name);
          amounts.put(quota, quota.amount(written == null ? "default" : written));
        });
    return answers.commit(
        200,
        () -> {
          User whose = users.known(user);
          quotas.give(whose, amounts);
          current.did("quota.set", null, whose.name() + " " + text(amounts));
          return lines(whose);
        });
  }

  private static String text(Map<Quota, Optional<Long>> amounts) {
    return amounts.entrySet().stream()
        .map(
            each ->
                each.getKey().text()
                    + "="
                    + each.getValue().map(each.getKey()::shown).orElse("default"))
        .collect(Collectors.joining(" "));
  }

  private Lines lines(User user) {
    return new Lines(
        user.name(), Arrays.stream(Quota.values()).map(quota -> line(user, quota)).toList());
  }

  private Line line(User user, Quota quota) {
    OptionalLong limit = quotas.limit(user.name(), quota);
    return new Line(
        quota.text(),
        limit.isPresent() ? quota.shown(limit.getAsLong()) : null,
        quota.shown(quotas.used(user.name(), quota)),
        quotas.given(user.name(), quota).isPresent());
  }
}
