/** From a source tree to a build plan: the door to all buildpacks. */
@NullMarked
package dev.paas.builder;

import org.jspecify.annotations.NullMarked;
