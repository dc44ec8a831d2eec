/** What holds when something breaks. */
@NullMarked
package dev.paas.acceptance.fault;

import org.jspecify.annotations.NullMarked;
