/** Apps as the API shows them, with what serves of them and where. */
@NullMarked
package dev.paas.api.overview;

import org.jspecify.annotations.NullMarked;
