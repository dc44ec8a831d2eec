/** What is on this host: records, processes, leftovers, and each change of it. */
@NullMarked
package dev.paas.runtime.inventory;

import org.jspecify.annotations.NullMarked;
