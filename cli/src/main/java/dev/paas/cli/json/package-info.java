/** Just enough JSON. */
@NullMarked
package dev.paas.cli.json;

import org.jspecify.annotations.NullMarked;
