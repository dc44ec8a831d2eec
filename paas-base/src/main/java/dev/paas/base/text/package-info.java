/** How bytes that programs print become lines of text, and which characters may be shown. */
@NullMarked
package dev.paas.base.text;

import org.jspecify.annotations.NullMarked;
