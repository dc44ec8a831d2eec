/** What apps print. */
@NullMarked
package dev.paas.cli.logs;

import org.jspecify.annotations.NullMarked;
