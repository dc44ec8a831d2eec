/** Takes a push: objects in, one deploy branch asked for, the outcome out. */
@NullMarked
package dev.paas.gitreceiver.receive;

import org.jspecify.annotations.NullMarked;
