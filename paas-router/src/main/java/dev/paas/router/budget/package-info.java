/** What the process can hold, and how much of it one address and one app may have. */
@NullMarked
package dev.paas.router.budget;

import org.jspecify.annotations.NullMarked;
