package dev.paas.router.log;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.paas.base.text.LineBytes;
import org.jspecify.annotations.Nullable;

/**
 * One request as the access log tells it.
 *
 * @param at when its head had come, in milliseconds since 1970
 * @param status what the client got; 499 when it left before
 * @param code the router's error code, or null when an instance answered
 * @param bytesIn content bytes of the request
 * @param bytesOut content bytes of the response, which may be the router's
 * @param firstByteMicros until the response's head, -1: there was none
 * @param attempts instances that were tried
 */
public record AccessEntry(
    long at,
    String requestId,
    String client,
    String method,
    String host,
    String target,
    String app,
    String instance,
    String label,
    int status,
    @Nullable String code,
    @Nullable String detail,
    long bytesIn,
    long bytesOut,
    long firstByteMicros,
    long totalMicros,
    int attempts) {

  /** Longer request targets are cut: a log line is not a store. */
  private static final int MAX_TARGET = 2048;

  /**
   * As much of a request's target as a line holds, not cut within a character: a head is read with
   * one byte in a char.
   */
  public static String target(String whole) {
    if (whole.length() <= MAX_TARGET) {
      return whole;
    }
    byte[] kept = whole.substring(0, MAX_TARGET).getBytes(ISO_8859_1);
    return whole.substring(0, LineBytes.border(kept, kept.length));
  }

  /** A connection that the router answered without having read a request. */
  public static AccessEntry refused(
      long at,
      String requestId,
      String client,
      int status,
      String code,
      @Nullable String detail,
      long bytesOut) {
    return new AccessEntry(
        at, requestId, client, "", "", "", "", "", "", status, code, detail, 0, bytesOut, -1, 0, 0);
  }

  /** What a client sent as bytes, read as UTF-8. */
  static String text(String sent) {
    for (int i = 0; i < sent.length(); i++) {
      if (sent.charAt(i) > '~') {
        return new String(sent.getBytes(ISO_8859_1), UTF_8);
      }
    }
    return sent;
  }

  /** The line: ASCII only, so that no byte of a client moves a terminal's cursor. */
  JsonLine line(Stamps stamps) {
    JsonLine line = new JsonLine();
    line.text("time", stamps.of(at));
    line.text("request_id", requestId).text("client", client).text("method", method);
    line.text("host", text(host));
    line.text("target", text(target(target)));
    if (!app.isEmpty()) {
      line.text("app", app);
    }
    if (!instance.isEmpty()) {
      line.text("instance", instance).text("label", label);
    }
    line.number("status", status);
    if (code != null) {
      line.text("code", code);
    }
    if (detail != null) {
      line.text("detail", detail);
    }
    line.number("bytes_in", bytesIn).number("bytes_out", bytesOut);
    if (firstByteMicros >= 0) {
      line.number("first_byte_us", firstByteMicros);
    }
    return line.number("total_us", totalMicros).number("attempts", attempts).end();
  }
}
