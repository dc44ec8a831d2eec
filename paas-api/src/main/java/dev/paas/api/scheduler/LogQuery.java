package dev.paas.api.scheduler;

import dev.paas.base.name.AppName;

/**
 * Which lines of an app's log somebody wants, those of instances that are gone included.
 *
 * @param process of this type; empty for all
 * @param slot of this instance of the type; 0 for all
 * @param tail so many of the past; 0 for none
 * @param follow whether new lines come as they are written
 */
public record LogQuery(AppName app, String process, int slot, int tail, boolean follow) {}
