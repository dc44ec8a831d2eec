/** What the SSH server asks the control plane: keys, repositories, pushes, commands. */
@NullMarked
package dev.paas.api.ssh;

import org.jspecify.annotations.NullMarked;
