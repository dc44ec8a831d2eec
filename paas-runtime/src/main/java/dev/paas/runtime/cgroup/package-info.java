/**
 * Control groups: limits, usage and the end of all processes of an instance, on cgroup v1 and v2.
 */
@NullMarked
package dev.paas.runtime.cgroup;

import org.jspecify.annotations.NullMarked;
