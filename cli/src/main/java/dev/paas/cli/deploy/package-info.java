/** Deploys without git. */
@NullMarked
package dev.paas.cli.deploy;

import org.jspecify.annotations.NullMarked;
