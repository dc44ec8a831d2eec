package dev.paas.api.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.paas.api.app.Apps;
import dev.paas.api.identity.User;
import dev.paas.api.store.Seal;
import dev.paas.api.store.Store;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The config vars of apps. Every change makes a version; versions never change, so that a release
 * can name the one it runs with.
 */
@ApplicationScoped
public class ConfigVars {

  private static final Logger LOG = LoggerFactory.getLogger(ConfigVars.class);
  private static final TypeReference<TreeMap<String, String>> VARS = new TypeReference<>() {};

  private final Store store;
  private final Apps apps;
  private final Seal seal;
  private final Clock clock;
  private final ObjectMapper json = new ObjectMapper();

  public ConfigVars(Store store, Apps apps, Seal seal, Clock clock) {
    this.store = store;
    this.apps = apps;
    this.seal = seal;
    this.clock = clock;
  }

  /** The newest version of an app's variables. */
  public Config current(AppName app) {
    return store.read(() -> open(newest(app)));
  }

  /**
   * One version of an app's variables, which may have been replaced since.
   *
   * @throws IllegalStateException when there never was such a version
   */
  public Config at(AppName app, int version) {
    if (version == 0) {
      return Config.EMPTY;
    }
    return store.read(
        () -> {
          ConfigRow row =
              ConfigRow.find("app = ?1 and version = ?2", app.value(), version).firstResult();
          if (row == null) {
            throw new IllegalStateException("no config version " + version + " of " + app);
          }
          return open(row);
        });
  }

  /** Applies a change and answers with the version that has it; a change of nothing makes none. */
  public Config change(AppName app, ConfigChange change, User user) {
    LOG.atInfo()
        .addKeyValue("user", user.name())
        .addKeyValue("app", app)
        .addKeyValue("set", Problem.printable(change.set().keySet().toString()))
        .addKeyValue("unset", Problem.printable(change.unset().toString()))
        .log("audit: config change");
    return store.commit(
        () -> {
          apps.hold(app);
          Config before = open(newest(app));
          return replace(app, before, change.applyTo(before.vars()), user.name());
        });
  }

  /**
   * Makes the variables again what they were at a version, but for those that somebody has changed
   * since; when they are, it makes none.
   *
   * @param since the version that whoever asked for it has seen
   * @param user in whose name it is done
   * @throws IllegalStateException when there never was such a version
   */
  public Config restore(AppName app, int version, int since, String user) {
    return store.commit(
        () -> {
          apps.hold(app);
          Config before = open(newest(app));
          SortedMap<String, String> vars = new TreeMap<>(at(app, version).vars());
          SortedMap<String, String> seen = at(app, since).vars();
          for (String name : differences(seen, before.vars())) {
            @Nullable String now = before.vars().get(name);
            if (now == null) {
              vars.remove(name);
            } else {
              vars.put(name, now);
            }
          }
          Config after = replace(app, before, vars, user);
          if (after.version() != before.version()) {
            LOG.atInfo()
                .addKeyValue("user", user)
                .addKeyValue("app", app)
                .addKeyValue("version", version)
                .log("audit: config restored");
          }
          return after;
        });
  }

  /** The names of the variables that are not the same in both. */
  public static SortedSet<String> differences(
      SortedMap<String, String> some, SortedMap<String, String> others) {
    SortedSet<String> names = new TreeSet<>(some.keySet());
    names.addAll(others.keySet());
    names.removeIf(name -> Objects.equals(some.get(name), others.get(name)));
    return names;
  }

  private Config replace(AppName app, Config before, SortedMap<String, String> vars, String user) {
    if (vars.equals(before.vars())) {
      return before;
    }
    Config after = new Config(before.version() + 1, vars);
    ConfigRow row = new ConfigRow();
    row.app = app.value();
    row.version = after.version();
    row.sealed = seal.seal(context(app.value(), after.version()), write(after));
    row.createdBy = user;
    row.createdAt = clock.instant().truncatedTo(ChronoUnit.MICROS);
    row.persist();
    return after;
  }

  private static @Nullable ConfigRow newest(AppName app) {
    return ConfigRow.find("app = ?1 order by version desc", app.value()).firstResult();
  }

  private Config open(@Nullable ConfigRow row) {
    if (row == null) {
      return Config.EMPTY;
    }
    try {
      byte[] plain = seal.open(context(row.app, row.version), row.sealed);
      return new Config(row.version, json.readValue(plain, VARS));
    } catch (IOException malformed) {
      throw new UncheckedIOException(malformed);
    }
  }

  private byte[] write(Config config) {
    try {
      return json.writeValueAsBytes(config.vars());
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static String context(String app, int version) {
    return "config/" + app + "/" + version;
  }
}
