/** Public keys as people paste them and as clients offer them. */
@NullMarked
package dev.paas.gitreceiver.key;

import org.jspecify.annotations.NullMarked;
