/** Apps and their git remote. */
@NullMarked
package dev.paas.cli.app;

import org.jspecify.annotations.NullMarked;
