package dev.paas.router.log;

import java.time.Instant;

/** Writes one flat JSON object in ASCII (RFC 8259). */
final class JsonLine {

  private static final int FIRST_GUESS = 400;

  private final StringBuilder out = new StringBuilder(FIRST_GUESS).append('{');

  JsonLine text(String key, String value) {
    key(key).append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ' || c > '~') {
        out.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
          out.append(Character.forDigit((c >> shift) & 0xf, 16));
        }
      } else {
        out.append(c);
      }
    }
    out.append('"');
    return this;
  }

  JsonLine number(String key, long value) {
    key(key).append(value);
    return this;
  }

  /** A moment, ISO 8601 in UTC. */
  JsonLine stamp(String key, long millis) {
    return text(key, Instant.ofEpochMilli(millis).toString());
  }

  String end() {
    return out.append('}').toString();
  }

  private StringBuilder key(String key) {
    if (out.length() > 1) {
      out.append(',');
    }
    return out.append('"').append(key).append("\":");
  }
}
