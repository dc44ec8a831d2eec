/** A repository in memory and base images without a runtime, for tests of front ends. */
@NullMarked
package dev.paas.builder.fake;

import org.jspecify.annotations.NullMarked;
