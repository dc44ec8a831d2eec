/** Content by its digest, and the memory that names of untrusted content may take. */
@NullMarked
package dev.paas.runtime.content;

import org.jspecify.annotations.NullMarked;
