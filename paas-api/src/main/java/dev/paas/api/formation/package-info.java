/** What is committed to serve: how many instances of which release an app has. */
@NullMarked
package dev.paas.api.formation;

import org.jspecify.annotations.NullMarked;
