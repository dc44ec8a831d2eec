/**
 * Commands with streams of their own: runs beside an app's instances and execs inside one. They
 * outlive this daemon, and whoever is attached to them.
 */
@NullMarked
package dev.paas.runtime.session;

import org.jspecify.annotations.NullMarked;
