/** What a build downloads, from addresses that everybody may reach. */
@NullMarked
package dev.paas.runtime.solve.fetch;

import org.jspecify.annotations.NullMarked;
