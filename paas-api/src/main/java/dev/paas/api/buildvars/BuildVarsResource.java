package dev.paas.api.buildvars;

import dev.paas.api.access.CurrentUser;
import dev.paas.api.access.Needs;
import dev.paas.api.access.Permission;
import dev.paas.api.app.Apps;
import dev.paas.api.http.IdempotentAnswers;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What builds get, over HTTP. A change holds for pushes that come after it; secrets go in only. */
@Path("/v1/apps/{app}/build/vars")
@Consumes(MediaType.APPLICATION_JSON)
public final class BuildVarsResource {

  private final Apps apps;
  private final AppBuildVars vars;
  private final CurrentUser current;
  private final IdempotentAnswers answers;

  /** A change as it is sent. */
  public record Patch(
      @Nullable Map<String, @Nullable String> vars,
      @Nullable Map<String, @Nullable String> secrets,
      @Nullable List<@Nullable String> unset) {

    /** Not the values. */
    @Override
    public String toString() {
      return "Patch";
    }
  }

  /** What there is: of secrets the names. */
  public record View(int version, Map<String, String> vars, List<String> secrets) {
    static View of(BuildVars vars) {
      return new View(vars.version(), vars.vars(), List.copyOf(vars.secrets().keySet()));
    }
  }

  BuildVarsResource(Apps apps, AppBuildVars vars, CurrentUser current, IdempotentAnswers answers) {
    this.apps = apps;
    this.vars = vars;
    this.current = current;
    this.answers = answers;
  }

  @GET
  @Needs(Permission.SEE_CONFIG)
  public View get(@PathParam("app") AppName app) {
    apps.require(current, app);
    return View.of(vars.current(app));
  }

  @PATCH
  @Needs(Permission.CHANGE_CONFIG)
  public Response change(@PathParam("app") AppName app, @Nullable Patch body) {
    BuildVarsChange change = check(body);
    return answers.commit(
        200,
        () -> {
          apps.require(current, app);
          apps.hold(app);
          int before = vars.current(app).version();
          BuildVars after = vars.change(app, change, current.user().name());
          if (after.version() != before) {
            current.did("build.vars", app, names(change));
          }
          return View.of(after);
        });
  }

  /** Never the values. */
  private static String names(BuildVarsChange change) {
    return Stream.concat(
            Stream.concat(change.vars().keySet().stream(), change.secrets().keySet().stream())
                .sorted()
                .map(name -> "+" + name),
            change.unset().stream().sorted().map(name -> "-" + name))
        .collect(Collectors.joining(" "));
  }

  private static BuildVarsChange check(@Nullable Patch body) {
    Set<String> unset = new HashSet<>();
    if (body != null && body.unset() != null) {
      body.unset().forEach(name -> unset.add(noNull("unset", name)));
    }
    return new BuildVarsChange(
        noNulls(body == null ? null : body.vars()),
        noNulls(body == null ? null : body.secrets()),
        unset);
  }

  private static Map<String, String> noNulls(@Nullable Map<String, @Nullable String> sent) {
    Map<String, String> checked = new HashMap<>();
    if (sent != null) {
      sent.forEach((name, value) -> checked.put(name, noNull(name, value)));
    }
    return checked;
  }

  private static String noNull(String where, @Nullable String text) {
    if (text == null) {
      throw Problem.of(
              Kind.INVALID,
              "config.bad-value",
              "null is no value here",
              where,
              "Send a text, or name it in unset.")
          .asException();
    }
    return text;
  }
}
