/** The hosts that apps answer at: claims, their proofs, and the name servers that are asked. */
@NullMarked
package dev.paas.api.domain;

import org.jspecify.annotations.NullMarked;
