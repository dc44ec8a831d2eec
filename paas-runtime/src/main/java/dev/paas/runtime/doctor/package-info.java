/**
 * Probes of the host: each does what the platform will do, says what it found and how to fix it.
 */
@NullMarked
package dev.paas.runtime.doctor;

import org.jspecify.annotations.NullMarked;
