/** What is no mistake in a Dockerfile and yet worth a word. */
@NullMarked
package dev.paas.builder.dockerfile.lint;

import org.jspecify.annotations.NullMarked;
