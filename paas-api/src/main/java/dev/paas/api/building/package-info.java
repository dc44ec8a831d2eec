/**
 * The work of building: planning a pushed tree, fetching what it begins with, having the runtime
 * solve it.
 */
@NullMarked
package dev.paas.api.building;

import org.jspecify.annotations.NullMarked;
