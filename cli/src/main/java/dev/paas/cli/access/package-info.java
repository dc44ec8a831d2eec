/** SSH keys, API tokens, login. */
@NullMarked
package dev.paas.cli.access;

import org.jspecify.annotations.NullMarked;
