/** The states of an instance, and what each makes of what is observed: pure functions. */
@NullMarked
package dev.paas.runtime.instance.life;

import org.jspecify.annotations.NullMarked;
