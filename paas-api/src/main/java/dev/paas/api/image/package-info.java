/** The images in the runtime's store, over HTTP. */
@NullMarked
package dev.paas.api.image;

import org.jspecify.annotations.NullMarked;
