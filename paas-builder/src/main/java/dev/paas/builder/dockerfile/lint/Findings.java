package dev.paas.builder.dockerfile.lint;

import dev.paas.builder.dockerfile.text.Mistakes;

/** Everything that is to be said of a Dockerfile. */
public record Findings(Mistakes mistakes, Warnings warnings) {}
