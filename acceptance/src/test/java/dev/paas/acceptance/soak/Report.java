package dev.paas.acceptance.soak;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The result of a soak, for people and for programs. */
final class Report {
  /** What the router promises, from the kill to the first answer. */
  private static final double ROUTER_BACK_WITHIN_SECONDS = 1.0;

  private final Map<String, Object> figures = new LinkedHashMap<>();
  private final List<String> findings;

  Report(
      Options options,
      Tally tally,
      Changes changes,
      Kills kills,
      Footprint before,
      Footprint after,
      List<String> found) {
    List<Double> outages = new ArrayList<>(kills.outages());
    Collections.sort(outages);
    long late = outages.stream().filter(s -> s > ROUTER_BACK_WITHIN_SECONDS).count();
    findings = new ArrayList<>(found);
    findings.addAll(changes.failures());
    findings.addAll(kills.failures());
    if (late > 0) {
      findings.add(late + " times the router was back after more than a second");
    }
    figures.put("seed", options.seed());
    figures.put("seconds", options.seconds());
    figures.put("requests answered", tally.answered());
    figures.put("requests a second", tally.answered() / options.seconds());
    figures.put("requests failed", tally.failed());
    figures.put("failed, by cause", tally.failures());
    figures.put("lost with a killed router", tally.lost());
    figures.put("lost, by cause", tally.excused());
    figures.put("page ms p50", tally.millis(50));
    figures.put("page ms p99", tally.millis(99));
    figures.put("page ms p99.9", tally.millis(99.9));
    figures.put("changes", changes.done());
    figures.put("commands cut off by a kill", changes.disturbed());
    figures.put("kills", kills.killed());
    figures.put("router back after s", outages.stream().map(Report::rounded).toList());
    figures.put("held before", before.toString());
    figures.put("held after", after.toString());
    figures.put("findings", findings);
  }

  private static String rounded(double seconds) {
    return String.format(Locale.ROOT, "%.3f", seconds);
  }

  boolean clean() {
    return findings.isEmpty() && Integer.valueOf(0).equals(figures.get("requests failed"));
  }

  String text() {
    StringBuilder text = new StringBuilder();
    figures.forEach((name, value) -> text.append("%-28s%s%n".formatted(name, value)));
    return text.append(clean() ? "zero failed" : "FAILED").toString();
  }

  String json() {
    try {
      return new ObjectMapper().writeValueAsString(figures);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
