/** What the router keeps on disk, to serve by itself when it starts. */
@NullMarked
package dev.paas.router.disk;

import org.jspecify.annotations.NullMarked;
