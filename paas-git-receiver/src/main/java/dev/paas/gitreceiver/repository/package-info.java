/** Bare repositories on disk, written so that a power cut loses nothing acknowledged. */
@NullMarked
package dev.paas.gitreceiver.repository;

import org.jspecify.annotations.NullMarked;
