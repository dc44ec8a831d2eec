/** The one way to paas-runtimed, for every step that needs it. */
@NullMarked
package dev.paas.api.runtime;

import org.jspecify.annotations.NullMarked;
