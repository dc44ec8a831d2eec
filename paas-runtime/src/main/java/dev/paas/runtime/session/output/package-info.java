/** What a command prints, byte for byte: as it comes, and from the log of it. */
@NullMarked
package dev.paas.runtime.session.output;

import org.jspecify.annotations.NullMarked;
