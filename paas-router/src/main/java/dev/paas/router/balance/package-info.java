/** Instances and the choice among them. */
@NullMarked
package dev.paas.router.balance;

import org.jspecify.annotations.NullMarked;
