/** Which site belongs to which app's instances: one immutable snapshot, kept on disk. */
@NullMarked
package dev.paas.router.table;

import org.jspecify.annotations.NullMarked;
