/** What the SSH server asks of the control plane, and the values that pass between them. */
@NullMarked
package dev.paas.gitreceiver;

import org.jspecify.annotations.NullMarked;
