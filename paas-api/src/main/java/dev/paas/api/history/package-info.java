/** What was done, for those who may know. */
@NullMarked
package dev.paas.api.history;

import org.jspecify.annotations.NullMarked;
