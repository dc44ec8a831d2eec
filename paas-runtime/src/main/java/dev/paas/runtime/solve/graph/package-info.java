/** Build graphs: what is wrong with one, and the order of its nodes. */
@NullMarked
package dev.paas.runtime.solve.graph;

import org.jspecify.annotations.NullMarked;
