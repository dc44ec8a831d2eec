/** The socket on which the control plane sends route tables. */
@NullMarked
package dev.paas.router.control;

import org.jspecify.annotations.NullMarked;
