/** What instances wrote, read from the runtime and streamed to people. */
@NullMarked
package dev.paas.api.logs;

import org.jspecify.annotations.NullMarked;
