/** What a language brings to become an image: how it is recognised, and how it is built. */
@NullMarked
package dev.paas.builder.buildpack;

import org.jspecify.annotations.NullMarked;
