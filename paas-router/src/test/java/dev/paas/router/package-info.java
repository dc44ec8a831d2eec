/** Tests of the borders between the packages. */
@NullMarked
package dev.paas.router;

import org.jspecify.annotations.NullMarked;
