/** The images of this host: their configurations and names, imported, pulled, collected. */
@NullMarked
package dev.paas.runtime.image;

import org.jspecify.annotations.NullMarked;
