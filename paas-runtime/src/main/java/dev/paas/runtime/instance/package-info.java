/** Instances: started, watched, started again, stopped, found again after a restart. */
@NullMarked
package dev.paas.runtime.instance;

import org.jspecify.annotations.NullMarked;
