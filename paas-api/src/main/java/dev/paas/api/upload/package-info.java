/** Files that are deployed without git, over HTTP. */
@NullMarked
package dev.paas.api.upload;

import org.jspecify.annotations.NullMarked;
