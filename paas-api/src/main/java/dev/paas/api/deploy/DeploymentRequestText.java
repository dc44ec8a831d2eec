package dev.paas.api.deploy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

/** The form in which requests are stored. */
final class DeploymentRequestText {

  private static final ObjectMapper JSON = new ObjectMapper();

  private DeploymentRequestText() {}

  static String write(DeploymentRequest request) {
    try {
      return JSON.writeValueAsString(request);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  static DeploymentRequest read(String text) {
    try {
      return JSON.readValue(text, DeploymentRequest.class);
    } catch (JsonProcessingException broken) {
      throw new IllegalStateException("a stored request", broken);
    }
  }
}
