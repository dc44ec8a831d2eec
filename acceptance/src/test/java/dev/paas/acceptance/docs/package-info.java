/** The documents say what the code is. */
@NullMarked
package dev.paas.acceptance.docs;

import org.jspecify.annotations.NullMarked;
