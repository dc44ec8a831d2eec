package dev.paas.api.route;

import dev.paas.base.name.AppName;
import dev.paas.contract.router.Failure;
import java.time.Instant;

/**
 * A request that failed between the router and an app.
 *
 * @param at when its head had come
 * @param label of the instance that was tried last, e.g. {@code web.1}; empty when none was
 * @param code of docs/problems.md
 * @param what a sentence, with the rule of HTTP that was broken
 * @param status what the client got; 0 for nothing
 * @param target as the client sent it, cut after some hundred characters
 * @param totalMicros from the head to the end of the answer, in microseconds
 * @param skipped failures of the app before this one that are told by this number only
 */
public record FailedRequest(
    AppName app,
    Instant at,
    String label,
    String code,
    String what,
    int status,
    String method,
    String host,
    String target,
    String requestId,
    long totalMicros,
    int skipped) {

  static FailedRequest of(Failure sent) {
    return new FailedRequest(
        new AppName(sent.getApp()),
        Instant.ofEpochMilli(sent.getAtMillis()),
        sent.getLabel(),
        sent.getCode(),
        sent.getWhat(),
        sent.getStatus(),
        sent.getMethod(),
        sent.getHost(),
        sent.getTarget(),
        sent.getRequestId(),
        sent.getTotalMicros(),
        sent.getSkipped());
  }
}
