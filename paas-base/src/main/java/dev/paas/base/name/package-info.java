/** Names that people give and that every process understands. */
@NullMarked
package dev.paas.base.name;

import org.jspecify.annotations.NullMarked;
