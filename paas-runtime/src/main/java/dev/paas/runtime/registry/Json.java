package dev.paas.runtime.registry;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** JSON of manifests and configurations, bounded in depth, length and number of values. */
public final class Json {

  /** Real manifests nest 5 deep. */
  private static final int MAX_DEPTH = 32;

  /** A value of a few bytes becomes an object of a hundred: what a document may have of them. */
  public static final long MAX_TOKENS = 100_000;

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxTokenCount(MAX_TOKENS)
                          .build())
                  .build())
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .build();

  private Json() {}

  public static JsonNode read(byte[] content) throws IOException {
    JsonNode node = MAPPER.readTree(content);
    return node == null ? MAPPER.nullNode() : node;
  }

  public static byte[] write(Object value) throws IOException {
    return MAPPER.writeValueAsBytes(value);
  }

  public static List<String> strings(JsonNode array) {
    List<String> all = new ArrayList<>();
    for (JsonNode each : array) {
      if (each.isTextual()) {
        all.add(each.asText());
      }
    }
    return all;
  }
}
