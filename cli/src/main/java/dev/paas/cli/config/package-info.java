/** Config vars. */
@NullMarked
package dev.paas.cli.config;

import org.jspecify.annotations.NullMarked;
