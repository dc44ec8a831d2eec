/** What a buildpack is given and what it answers with. */
@NullMarked
package dev.paas.builder.plan;

import org.jspecify.annotations.NullMarked;
