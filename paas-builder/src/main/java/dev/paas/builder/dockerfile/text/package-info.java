/**
 * The text of a Dockerfile: its words, variables and documents, where they stand, and their bounds.
 */
@NullMarked
package dev.paas.builder.dockerfile.text;

import org.jspecify.annotations.NullMarked;
