/** The platform's typed settings. */
@NullMarked
package dev.paas.base.settings;

import org.jspecify.annotations.NullMarked;
