/** Executes build graphs: each step becomes a layer, found again by the content of its inputs. */
@NullMarked
package dev.paas.runtime.solve;

import org.jspecify.annotations.NullMarked;
