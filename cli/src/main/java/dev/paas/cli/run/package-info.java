/** One-off commands in an instance of their own. */
@NullMarked
package dev.paas.cli.run;

import org.jspecify.annotations.NullMarked;
