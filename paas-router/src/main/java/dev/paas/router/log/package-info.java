/** The access log. */
@NullMarked
package dev.paas.router.log;

import org.jspecify.annotations.NullMarked;
