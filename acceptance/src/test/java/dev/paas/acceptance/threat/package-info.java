/** What holds when somebody attacks. */
@NullMarked
package dev.paas.acceptance.threat;

import org.jspecify.annotations.NullMarked;
