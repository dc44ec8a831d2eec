/** Who did what: one row for each act, in the commit of the act. */
@NullMarked
package dev.paas.api.audit;

import org.jspecify.annotations.NullMarked;
