/** Registries of images: names, credentials, documents, downloads. */
@NullMarked
package dev.paas.runtime.registry;

import org.jspecify.annotations.NullMarked;
