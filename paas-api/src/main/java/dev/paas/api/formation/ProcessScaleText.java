package dev.paas.api.formation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.paas.base.name.ProcessType;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The form in which scales are stored. */
public final class ProcessScaleText {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<TreeMap<String, ProcessScale>> SHARES =
      new TypeReference<>() {};

  private ProcessScaleText() {}

  /** E.g. {@code {"web": {"quantity": 2, "generation": 0}}}. */
  public static String write(SortedMap<ProcessType, ProcessScale> scales) {
    Map<String, ProcessScale> form = new TreeMap<>();
    scales.forEach((process, scale) -> form.put(process.value(), scale));
    try {
      return JSON.writeValueAsString(form);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  public static SortedMap<ProcessType, ProcessScale> read(String text) {
    SortedMap<ProcessType, ProcessScale> scales = new TreeMap<>();
    try {
      JSON.readValue(text, SHARES)
          .forEach((process, scale) -> scales.put(new ProcessType(process), scale));
    } catch (JsonProcessingException broken) {
      throw new IllegalStateException("stored shares", broken);
    }
    return scales;
  }
}
