/** Images, layers and source trees as files: stored, imported, pulled, collected. */
@NullMarked
package dev.paas.runtime.image;

import org.jspecify.annotations.NullMarked;
