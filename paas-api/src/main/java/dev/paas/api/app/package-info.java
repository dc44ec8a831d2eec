/** Apps and the hosts they answer at, from creation to destruction. */
@NullMarked
package dev.paas.api.app;

import org.jspecify.annotations.NullMarked;
