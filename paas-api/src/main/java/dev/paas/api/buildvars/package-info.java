/** What builds get beside the files of their app: vars and secrets, sealed at rest. */
@NullMarked
package dev.paas.api.buildvars;

import org.jspecify.annotations.NullMarked;
