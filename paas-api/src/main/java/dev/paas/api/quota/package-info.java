/** How much of the platform a user may take. */
@NullMarked
package dev.paas.api.quota;

import org.jspecify.annotations.NullMarked;
