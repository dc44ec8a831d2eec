/** The process types of an app and the commands that start them. */
@NullMarked
package dev.paas.builder.procfile;

import org.jspecify.annotations.NullMarked;
