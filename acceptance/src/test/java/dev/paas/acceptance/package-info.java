/**
 * What the platform promises, asked from the outside with git, ssh, curl's kind of requests and
 * paas.
 */
@NullMarked
package dev.paas.acceptance;

import org.jspecify.annotations.NullMarked;
