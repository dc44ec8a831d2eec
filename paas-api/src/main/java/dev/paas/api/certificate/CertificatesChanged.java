package dev.paas.api.certificate;

import dev.paas.base.name.AppName;

/** An app has other certificates than before; fired when that is durable. A wake-up. */
public record CertificatesChanged(AppName app) {}
