/** Builds a Python app with pip, uv, Poetry or Pipenv. */
@NullMarked
package dev.paas.builder.buildpack.python;

import org.jspecify.annotations.NullMarked;
