/** The daemon: what is made in which order, and how it ends. */
@NullMarked
package dev.paas.runtime.boot;

import org.jspecify.annotations.NullMarked;
