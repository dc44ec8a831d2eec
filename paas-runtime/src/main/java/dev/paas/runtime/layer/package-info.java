/** Layers as folders: made from archives, stored, flushed, written as archives. */
@NullMarked
package dev.paas.runtime.layer;

import org.jspecify.annotations.NullMarked;
