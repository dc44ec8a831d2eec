package dev.paas.api.scheduler;

import dev.paas.base.name.InstanceName;
import java.time.Instant;

/**
 * A line that an instance wrote.
 *
 * @param stderr to its standard error, not to its standard output
 * @param text without the newline
 */
public record LogLine(InstanceName instance, Instant at, boolean stderr, String text) {}
