/** Root filesystems of containers, and the ids and accounts in them. */
@NullMarked
package dev.paas.runtime.rootfs;

import org.jspecify.annotations.NullMarked;
