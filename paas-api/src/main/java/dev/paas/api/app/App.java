package dev.paas.api.app;

import dev.paas.base.name.AppName;
import java.time.Instant;

/**
 * An app: a name that its owner deploys to.
 *
 * @param owner the name of the user who may use it, besides admins
 */
public record App(AppName name, String owner, Instant createdAt) {}
