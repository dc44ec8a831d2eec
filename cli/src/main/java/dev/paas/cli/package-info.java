/** The paas command: finds the command that was meant, runs it, explains what went wrong. */
@NullMarked
package dev.paas.cli;

import org.jspecify.annotations.NullMarked;
