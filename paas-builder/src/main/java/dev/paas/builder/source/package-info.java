/** Source trees without a checkout: a commit, generated files, and the canonical tar of either. */
@NullMarked
package dev.paas.builder.source;

import org.jspecify.annotations.NullMarked;
