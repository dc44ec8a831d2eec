package dev.paas.runtime.image;

import com.fasterxml.jackson.databind.JsonNode;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.contract.runtime.HealthCheck;
import dev.paas.contract.runtime.ImageConfig;
import dev.paas.runtime.content.Sha256;
import dev.paas.runtime.registry.Json;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The configuration object of an image (OCI image-spec 1.1, config.md) to and from the contract.
 */
final class ImageConfigs {

  private ImageConfigs() {}

  /** This machine, as images name it (Go's GOARCH). */
  static String architecture() {
    return System.getProperty("os.arch", "").equals("aarch64") ? "arm64" : "amd64";
  }

  static ImageConfig parse(JsonNode whole) {
    JsonNode config = whole.path("config");
    ImageConfig.Builder out =
        ImageConfig.newBuilder()
            .addAllEnv(Json.strings(config.path("Env")))
            .addAllEntrypoint(Json.strings(config.path("Entrypoint")))
            .addAllCmd(Json.strings(config.path("Cmd")))
            .addAllShell(Json.strings(config.path("Shell")))
            .setAuthor(whole.path("author").asText(""))
            .setWorkingDir(config.path("WorkingDir").asText(""))
            .setUser(config.path("User").asText(""))
            .setStopSignal(config.path("StopSignal").asText(""));
    config.path("ExposedPorts").fieldNames().forEachRemaining(out::addExposedPorts);
    config.path("Volumes").fieldNames().forEachRemaining(out::addVolumes);
    config
        .path("Labels")
        .properties()
        .forEach(e -> out.putLabels(e.getKey(), e.getValue().asText("")));
    JsonNode check = config.path("Healthcheck");
    if (check.path("Test").isArray()) {
      out.setHealthCheck(
          HealthCheck.newBuilder()
              .addAllTest(Json.strings(check.path("Test")))
              .setIntervalNanos(check.path("Interval").asLong())
              .setTimeoutNanos(check.path("Timeout").asLong())
              .setStartPeriodNanos(check.path("StartPeriod").asLong())
              .setStartIntervalNanos(check.path("StartInterval").asLong())
              .setRetries(check.path("Retries").asInt()));
    }
    return out.addAllOnBuild(Json.strings(config.path("OnBuild"))).build();
  }

  /**
   * No argument, variable or path can hold a zero byte (execve(2), path_resolution(7)); a label
   * could, but whoever reads it takes it for the end.
   *
   * @throws dev.paas.base.problem.PaasException {@code image.zero-byte}
   */
  static void check(ImageConfig config) {
    check("Env", config.getEnvList());
    check("Entrypoint", config.getEntrypointList());
    check("Cmd", config.getCmdList());
    check("Shell", config.getShellList());
    check("WorkingDir", List.of(config.getWorkingDir()));
    check("User", List.of(config.getUser()));
    check("Author", List.of(config.getAuthor()));
    check("StopSignal", List.of(config.getStopSignal()));
    check("ExposedPorts", config.getExposedPortsList());
    check("Volumes", config.getVolumesList());
    check("Healthcheck", config.getHealthCheck().getTestList());
    check("OnBuild", config.getOnBuildList());
    check("Labels", config.getLabelsMap().keySet());
    check("Labels", config.getLabelsMap().values());
  }

  private static void check(String field, Collection<String> texts) {
    for (String text : texts) {
      if (text.indexOf('\0') >= 0) {
        throw Problem.of(
                Kind.INVALID,
                "image.zero-byte",
                "A value of " + field + " in an image's configuration has a zero byte",
                text,
                "Remove it; no argument, variable, path or label can have one.")
            .asException();
      }
    }
  }

  static List<Sha256> diffIds(JsonNode whole) {
    return Json.strings(whole.path("rootfs").path("diff_ids")).stream().map(Sha256::new).toList();
  }

  /** The same configuration and layers always give the same bytes. */
  static byte[] write(ImageConfig config, List<Sha256> layers, Instant created) throws IOException {
    Map<String, Object> inner = new TreeMap<>();
    put(inner, "Env", config.getEnvList());
    put(inner, "Entrypoint", config.getEntrypointList());
    put(inner, "Cmd", config.getCmdList());
    put(inner, "Shell", config.getShellList());
    put(inner, "WorkingDir", config.getWorkingDir());
    put(inner, "User", config.getUser());
    put(inner, "StopSignal", config.getStopSignal());
    put(inner, "Labels", new TreeMap<>(config.getLabelsMap()));
    put(inner, "ExposedPorts", keys(config.getExposedPortsList()));
    put(inner, "Volumes", keys(config.getVolumesList()));
    put(inner, "OnBuild", config.getOnBuildList());
    put(inner, "Healthcheck", healthCheck(config.getHealthCheck()));
    Map<String, Object> whole = new TreeMap<>();
    whole.put("architecture", architecture());
    whole.put("os", "linux");
    whole.put("created", created.toString());
    put(whole, "author", config.getAuthor());
    whole.put("config", inner);
    Map<String, Object> rootfs = new TreeMap<>();
    rootfs.put("type", "layers");
    rootfs.put("diff_ids", layers.stream().map(Sha256::value).toList());
    whole.put("rootfs", rootfs);
    return Json.write(whole);
  }

  /** As Docker writes it, in nanoseconds; what is not said is left out. */
  private static Map<String, Object> healthCheck(HealthCheck check) {
    Map<String, Object> out = new TreeMap<>();
    put(out, "Test", check.getTestList());
    putNumber(out, "Interval", check.getIntervalNanos());
    putNumber(out, "Timeout", check.getTimeoutNanos());
    putNumber(out, "StartPeriod", check.getStartPeriodNanos());
    putNumber(out, "StartInterval", check.getStartIntervalNanos());
    putNumber(out, "Retries", check.getRetries());
    return out;
  }

  private static void putNumber(Map<String, Object> into, String key, long value) {
    if (value != 0) {
      into.put(key, value);
    }
  }

  private static Map<String, Object> keys(List<String> names) {
    Map<String, Object> out = new TreeMap<>();
    names.forEach(name -> out.put(name, Map.of()));
    return out;
  }

  private static void put(Map<String, Object> into, String key, Object value) {
    boolean empty =
        value instanceof String text
            ? text.isEmpty()
            : value instanceof List<?> list
                ? list.isEmpty()
                : value instanceof Map<?, ?> map && map.isEmpty();
    if (!empty) {
      into.put(key, value instanceof List<?> list ? new ArrayList<>(list) : value);
    }
  }
}
