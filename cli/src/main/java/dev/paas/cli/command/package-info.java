/** What every command has: its options, its session, waiting for a deployment. */
@NullMarked
package dev.paas.cli.command;

import org.jspecify.annotations.NullMarked;
