/** The platform itself: doctor, version, completion. */
@NullMarked
package dev.paas.cli.host;

import org.jspecify.annotations.NullMarked;
