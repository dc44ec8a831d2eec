/** What the daemon does again and again as long as it runs. */
@NullMarked
package dev.paas.runtime.duty;

import org.jspecify.annotations.NullMarked;
