/** Instances: list, scale, restart. */
@NullMarked
package dev.paas.cli.ps;

import org.jspecify.annotations.NullMarked;
