/** Source trees as folders, walked, compared and stored. */
@NullMarked
package dev.paas.runtime.tree;

import org.jspecify.annotations.NullMarked;
