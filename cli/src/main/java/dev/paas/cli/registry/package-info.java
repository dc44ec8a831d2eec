/** Logins to registries of images. */
@NullMarked
package dev.paas.cli.registry;

import org.jspecify.annotations.NullMarked;
