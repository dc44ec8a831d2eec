package dev.paas.api.buildsettings;

import dev.paas.api.access.CurrentUser;
import dev.paas.api.access.Needs;
import dev.paas.api.access.Permission;
import dev.paas.api.app.Apps;
import dev.paas.api.build.BuildSettings;
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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Build settings over HTTP. A change holds for pushes that come after it. */
@Path("/v1/apps/{app}/build")
@Consumes(MediaType.APPLICATION_JSON)
public final class BuildSettingsResource {

  private final Apps apps;
  private final AppBuildSettings settings;
  private final CurrentUser current;
  private final IdempotentAnswers answers;

  /** A change as it is sent. */
  public record Patch(
      @Nullable Map<String, @Nullable String> set, @Nullable List<@Nullable String> unset) {}

  /** Those that are set, by name. */
  public record View(Map<String, String> settings) {}

  BuildSettingsResource(
      Apps apps, AppBuildSettings settings, CurrentUser current, IdempotentAnswers answers) {
    this.apps = apps;
    this.settings = settings;
    this.current = current;
    this.answers = answers;
  }

  @GET
  @Needs(Permission.SEE_BUILDS)
  public View get(@PathParam("app") AppName app) {
    apps.require(current, app);
    return new View(settings.of(app).values());
  }

  @PATCH
  @Needs(Permission.PUSH)
  public Response change(@PathParam("app") AppName app, @Nullable Patch body) {
    SortedMap<String, String> set = new TreeMap<>();
    Set<String> unset = new TreeSet<>();
    if (body != null && body.set() != null) {
      body.set().forEach((name, value) -> set.put(name, noNull(name, value)));
    }
    if (body != null && body.unset() != null) {
      body.unset().forEach(name -> unset.add(noNull("unset", name)));
    }
    return answers.commit(
        200,
        () -> {
          apps.require(current, app);
          apps.hold(app);
          BuildSettings before = settings.of(app);
          BuildSettings after = before.with(set, unset);
          if (!after.equals(before)) {
            settings.save(app, after);
            current.did("build.change", app, told(set, unset));
          }
          return new View(after.values());
        });
  }

  private static String told(Map<String, String> set, Set<String> unset) {
    return Stream.concat(
            set.entrySet().stream().map(each -> each.getKey() + "=" + each.getValue()),
            unset.stream().map(name -> "-" + name))
        .collect(Collectors.joining(" "));
  }

  private static String noNull(String where, @Nullable String text) {
    if (text == null) {
      throw Problem.of(
              Kind.INVALID,
              "build.bad-setting",
              "null is no value here",
              where,
              "Send a text, or name the setting in unset.")
          .asException();
    }
    return text;
  }
}
