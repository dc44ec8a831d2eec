package dev.paas.api.http;

/**
 * One write that one user names with an Idempotency-Key.
 *
 * @param requestHash SHA-256 of method, path and body, in hexadecimal
 */
record Claim(String user, String key, String requestHash) {

  /** What two repetitions have in common, whatever their bodies. */
  String name() {
    return user + "/" + key;
  }
}
