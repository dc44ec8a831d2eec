/** The SSH server: keys, limits, channels. */
@NullMarked
package dev.paas.gitreceiver.ssh;

import org.jspecify.annotations.NullMarked;
