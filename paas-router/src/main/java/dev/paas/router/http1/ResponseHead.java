package dev.paas.router.http1;

/**
 * A response's first line and fields.
 *
 * @param minor 0 for HTTP/1.0, 1 for HTTP/1.1
 */
public record ResponseHead(int status, String reason, int minor, Fields fields) {

  /** An interim response: another one follows it. */
  public boolean interim() {
    return status < 200;
  }
}
