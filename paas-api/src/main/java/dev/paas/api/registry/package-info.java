/** What users log in to registries of images with. */
@NullMarked
package dev.paas.api.registry;

import org.jspecify.annotations.NullMarked;
