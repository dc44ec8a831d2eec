package dev.paas.runtime.session;

import dev.paas.contract.runtime.StartSessionRequest;
import java.time.Duration;

/**
 * How long sessions last and are kept.
 *
 * @param most for one whose caller says nothing
 * @param kept the exit and output of what has ended
 * @param keptMost of these
 * @param grace of one that is ended by the platform
 * @param start how long the making of a process may take
 */
record SessionLimits(Duration most, Duration kept, int keptMost, Duration grace, Duration start) {

  Duration limit(StartSessionRequest request) {
    return request.getLimitSeconds() > 0 ? Duration.ofSeconds(request.getLimitSeconds()) : most;
  }
}
