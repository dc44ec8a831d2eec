/** How bytes that programs print become lines of text. */
@NullMarked
package dev.paas.base.text;

import org.jspecify.annotations.NullMarked;
