package dev.paas.api.deploy;

import dev.paas.base.name.AppName;

/**
 * An app has another deployment, one in another state, or one that waits for something else; fired
 * when that is durable. A wake-up, not the news: who observes it reads again, and must not block.
 */
public record DeploymentsChanged(AppName app) {}
