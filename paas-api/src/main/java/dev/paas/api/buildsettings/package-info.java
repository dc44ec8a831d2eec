/** How the commits of an app are built, as its owner has set it. */
@NullMarked
package dev.paas.api.buildsettings;

import org.jspecify.annotations.NullMarked;
