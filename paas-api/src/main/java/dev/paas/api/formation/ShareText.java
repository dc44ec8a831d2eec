package dev.paas.api.formation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.paas.base.name.ProcessType;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The form in which shares are stored. */
public final class ShareText {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<TreeMap<String, Share>> SHARES = new TypeReference<>() {};

  private ShareText() {}

  /** E.g. {@code {"web": {"quantity": 2, "generation": 0}}}. */
  public static String write(SortedMap<ProcessType, Share> shares) {
    Map<String, Share> form = new TreeMap<>();
    shares.forEach((process, share) -> form.put(process.value(), share));
    try {
      return JSON.writeValueAsString(form);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  public static SortedMap<ProcessType, Share> read(String text) {
    SortedMap<ProcessType, Share> shares = new TreeMap<>();
    try {
      JSON.readValue(text, SHARES)
          .forEach((process, share) -> shares.put(new ProcessType(process), share));
    } catch (JsonProcessingException broken) {
      throw new IllegalStateException("stored shares", broken);
    }
    return shares;
  }
}
