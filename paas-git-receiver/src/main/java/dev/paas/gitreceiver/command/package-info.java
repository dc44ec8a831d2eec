/** What a client asks for over ssh, parsed and never given to a shell. */
@NullMarked
package dev.paas.gitreceiver.command;

import org.jspecify.annotations.NullMarked;
