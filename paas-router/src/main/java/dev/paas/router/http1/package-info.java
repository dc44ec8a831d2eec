/** HTTP/1.1 messages on the wire: parsed without leniency, written again from the parsed form. */
@NullMarked
package dev.paas.router.http1;

import org.jspecify.annotations.NullMarked;
