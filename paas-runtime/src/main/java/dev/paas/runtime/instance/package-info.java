/** Root filesystems, sandboxes and instances: from a spec to a running, watched process. */
@NullMarked
package dev.paas.runtime.instance;

import org.jspecify.annotations.NullMarked;
