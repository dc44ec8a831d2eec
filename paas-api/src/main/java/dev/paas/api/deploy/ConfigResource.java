package dev.paas.api.deploy;

import dev.paas.api.access.CurrentUser;
import dev.paas.api.access.Needs;
import dev.paas.api.access.Permission;
import dev.paas.api.app.Apps;
import dev.paas.api.config.Config;
import dev.paas.api.config.ConfigChange;
import dev.paas.api.config.ConfigVars;
import dev.paas.api.http.IdempotentAnswers;
import dev.paas.api.identity.User;
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
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Config vars over HTTP: a change of them is a deployment when the app has a release. */
@Path("/v1/apps/{app}/config")
@Consumes(MediaType.APPLICATION_JSON)
public final class ConfigResource {

  private final Apps apps;
  private final ConfigVars config;
  private final DeploymentRequests requests;
  private final DeploymentViews views;
  private final CurrentUser current;
  private final IdempotentAnswers answers;

  /** A change as it is sent. */
  public record Patch(
      @Nullable Map<String, @Nullable String> set, @Nullable List<@Nullable String> unset) {}

  /** What a change has led to. */
  public record Changed(
      int version, boolean changed, Map<String, String> vars, @Nullable DeploymentView deployment) {
    static Changed of(Config config, boolean changed, Optional<DeploymentView> deployment) {
      return new Changed(config.version(), changed, config.vars(), deployment.orElse(null));
    }
  }

  public ConfigResource(
      Apps apps,
      ConfigVars config,
      DeploymentRequests requests,
      DeploymentViews views,
      CurrentUser current,
      IdempotentAnswers answers) {
    this.apps = apps;
    this.config = config;
    this.requests = requests;
    this.views = views;
    this.current = current;
    this.answers = answers;
  }

  @GET
  @Needs(Permission.SEE_CONFIG)
  public Config get(@PathParam("app") AppName app) {
    apps.require(current, app);
    return config.current(app);
  }

  @PATCH
  @Needs(Permission.CHANGE_CONFIG)
  public Response change(@PathParam("app") AppName app, @Nullable Patch body) {
    User user = current.user();
    ConfigChange change = check(body);
    return answers.commit(
        200,
        () -> {
          apps.require(current, app);
          apps.hold(app);
          int before = config.current(app).version();
          Config after = config.change(app, change, user);
          boolean changed = after.version() != before;
          if (changed) {
            current.did("config.change", app, names(change));
          }
          Optional<DeploymentView> deployment =
              changed
                  ? requests.configure(app, after.version(), user).map(views::of)
                  : Optional.empty();
          return Changed.of(after, changed, deployment);
        });
  }

  /** Never the values. */
  private static String names(ConfigChange change) {
    return Stream.concat(
            change.set().keySet().stream().sorted().map(name -> "+" + name),
            change.unset().stream().sorted().map(name -> "-" + name))
        .collect(Collectors.joining(" "));
  }

  private static ConfigChange check(@Nullable Patch body) {
    Map<String, String> set = new HashMap<>();
    Set<String> unset = new HashSet<>();
    if (body != null && body.set() != null) {
      body.set().forEach((name, value) -> set.put(name, noNull(name, value)));
    }
    if (body != null && body.unset() != null) {
      body.unset().forEach(name -> unset.add(noNull("unset", name)));
    }
    return new ConfigChange(set, unset);
  }

  private static String noNull(String where, @Nullable String text) {
    if (text == null) {
      throw Problem.of(
              Kind.INVALID,
              "config.bad-value",
              "null is no value here",
              where,
              "Send a text, or name the variable in unset.")
          .asException();
    }
    return text;
  }
}
