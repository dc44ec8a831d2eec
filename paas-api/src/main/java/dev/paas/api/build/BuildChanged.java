package dev.paas.api.build;

/**
 * A build was queued or has another state; fired when that is durable. A wake-up, not the news: who
 * observes it reads again, and must not block.
 */
public record BuildChanged(BuildId id) {}
