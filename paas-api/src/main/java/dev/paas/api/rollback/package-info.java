/** Going back to an earlier release. */
@NullMarked
package dev.paas.api.rollback;

import org.jspecify.annotations.NullMarked;
