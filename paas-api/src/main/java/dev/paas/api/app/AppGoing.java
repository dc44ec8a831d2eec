package dev.paas.api.app;

import dev.paas.base.name.AppName;

/**
 * The destruction of an app has begun; fired when that is durable, and again when it is taken up
 * after a restart. Who observes it must not block.
 */
public record AppGoing(AppName app) {}
