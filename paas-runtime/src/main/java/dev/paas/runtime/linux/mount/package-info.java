/** Mounts, overlays and the user namespaces that ids are mapped by. */
@NullMarked
package dev.paas.runtime.linux.mount;

import org.jspecify.annotations.NullMarked;
