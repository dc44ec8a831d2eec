/** When an instance is called running: somebody listens where the router will call. */
@NullMarked
package dev.paas.runtime.instance.ready;

import org.jspecify.annotations.NullMarked;
