/** What a person sees: tables, colours, questions. */
@NullMarked
package dev.paas.cli.terminal;

import org.jspecify.annotations.NullMarked;
