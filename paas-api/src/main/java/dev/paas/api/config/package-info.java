/** Versioned config vars of an app, sealed at rest. */
@NullMarked
package dev.paas.api.config;

import org.jspecify.annotations.NullMarked;
