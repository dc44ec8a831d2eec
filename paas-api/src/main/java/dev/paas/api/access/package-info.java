/** Who may do what: users, their SSH keys and their tokens. */
@NullMarked
package dev.paas.api.access;

import org.jspecify.annotations.NullMarked;
