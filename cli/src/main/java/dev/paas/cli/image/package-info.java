/** Images in the platform's store. */
@NullMarked
package dev.paas.cli.image;

import org.jspecify.annotations.NullMarked;
