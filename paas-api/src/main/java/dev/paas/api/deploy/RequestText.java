package dev.paas.api.deploy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

/** The form in which requests are stored. */
final class RequestText {

  private static final ObjectMapper JSON = new ObjectMapper();

  private RequestText() {}

  static String write(Request request) {
    try {
      return JSON.writeValueAsString(request);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  static Request read(String text) {
    try {
      return JSON.readValue(text, Request.class);
    } catch (JsonProcessingException broken) {
      throw new IllegalStateException("a stored request", broken);
    }
  }
}
