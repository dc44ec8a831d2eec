/** How an app is built. */
@NullMarked
package dev.paas.cli.build;

import org.jspecify.annotations.NullMarked;
