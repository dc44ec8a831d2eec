/** Who may use the platform: users, their SSH keys and their tokens. */
@NullMarked
package dev.paas.api.identity;

import org.jspecify.annotations.NullMarked;
