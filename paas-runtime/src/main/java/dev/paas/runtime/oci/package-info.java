/** What the OCI runtime is told of a container. */
@NullMarked
package dev.paas.runtime.oci;

import org.jspecify.annotations.NullMarked;
