package dev.paas.api.audit;

import java.time.Instant;

/**
 * One thing that somebody did or was refused.
 *
 * @param kind what, e.g. {@code domain.add}
 * @param app the app that it was about; empty when it was about none
 * @param subject what of it: a host, a name, never a value that may be secret
 * @param outcome {@code done}, {@code begun} for what has not ended yet, {@code failed}, {@code
 *     interrupted} when nobody knows how far it came, {@code accepted} of an older version that
 *     kept no ends, or {@code refused}
 * @param code why it failed or was refused: a problem's code, or the exit code of a run
 * @param times how often; more than once only for refusals of one address within a minute
 */
public record Entry(
    long id,
    Instant at,
    String user,
    String credential,
    String address,
    String kind,
    String app,
    String subject,
    String outcome,
    String code,
    long times) {}
