package dev.paas.api.buildvars;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.paas.api.store.Seal;
import dev.paas.api.store.Store;
import dev.paas.base.name.AppName;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What builds of apps get beside their files. Each change makes a version, so that a build can say
 * which one it was made with; old ones are dropped when there are more than a few.
 */
@ApplicationScoped
public class AppBuildVars {

  /** Versions that are kept: builds that wait may have been asked for before the last changes. */
  private static final int KEPT = 20;

  private static final TypeReference<Map<String, SortedMap<String, String>>> FORM =
      new TypeReference<>() {};

  private static final String VARS = "vars";
  private static final String SECRETS = "secrets";

  private final Store store;
  private final Seal seal;
  private final Clock clock;
  private final ObjectMapper json = new ObjectMapper();

  AppBuildVars(Store store, Seal seal, Clock clock) {
    this.store = store;
    this.seal = seal;
    this.clock = clock;
  }

  /** The newest version. */
  public BuildVars current(AppName app) {
    return store.read(() -> newest(app).map(this::open).orElse(BuildVars.NONE));
  }

  /** One version, or the newest when that is not kept any more. */
  public BuildVars at(AppName app, int version) {
    if (version == 0) {
      return BuildVars.NONE;
    }
    return store.read(
        () ->
            BuildVarsRow.<BuildVarsRow>find("app = ?1 and version = ?2", app.value(), version)
                .firstResultOptional()
                .or(() -> newest(app))
                .map(this::open)
                .orElse(BuildVars.NONE));
  }

  /**
   * What is the same for as long as a secret is, and tells nothing about it to whoever does not
   * have the platform's key.
   */
  public String fingerprint(AppName app, String secret, String value) {
    return seal.fingerprint("build-secret/" + app + "/" + secret, value);
  }

  /** Applies a change and answers with the version that has it; part of a commit. */
  BuildVars change(AppName app, BuildVarsChange change, String user) {
    return store.commit(
        () -> {
          BuildVars before = current(app);
          BuildVars after = change.applyTo(before);
          if (after.version() != before.version()) {
            BuildVarsRow row = new BuildVarsRow();
            row.app = app.value();
            row.version = after.version();
            byte[] sealed = seal.seal(context(app.value(), after.version()), write(after));
            row.sealed = Base64.getEncoder().encodeToString(sealed);
            row.createdBy = user;
            row.createdAt = clock.instant().truncatedTo(ChronoUnit.MICROS);
            row.persist();
            BuildVarsRow.delete("app = ?1 and version <= ?2", app.value(), after.version() - KEPT);
          }
          return after;
        });
  }

  private static Optional<BuildVarsRow> newest(AppName app) {
    return BuildVarsRow.find("app = ?1 order by version desc", app.value()).firstResultOptional();
  }

  private BuildVars open(BuildVarsRow row) {
    try {
      byte[] sealed = Base64.getDecoder().decode(row.sealed);
      Map<String, SortedMap<String, String>> plain =
          json.readValue(seal.open(context(row.app, row.version), sealed), FORM);
      return new BuildVars(row.version, part(plain, VARS), part(plain, SECRETS));
    } catch (IOException malformed) {
      throw new UncheckedIOException(malformed);
    }
  }

  private static SortedMap<String, String> part(
      Map<String, SortedMap<String, String>> plain, String name) {
    @Nullable SortedMap<String, String> part = plain.get(name);
    return part == null ? new TreeMap<>() : part;
  }

  private byte[] write(BuildVars vars) {
    try {
      return json.writeValueAsBytes(Map.of(VARS, vars.vars(), SECRETS, vars.secrets()));
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static String context(String app, int version) {
    return "build-vars/" + app + "/" + version;
  }
}
