package dev.paas.api.domain;

import dev.paas.base.name.AppName;

/**
 * An app answers at other hosts than before; fired when that is durable. A wake-up, not the news.
 */
public record DomainsChanged(AppName app) {}
