/**
 * What every container has on this host, whatever runs in it: name, folders, limits, program, end.
 */
@NullMarked
package dev.paas.runtime.container;

import org.jspecify.annotations.NullMarked;
