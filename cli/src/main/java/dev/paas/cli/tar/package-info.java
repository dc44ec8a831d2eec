/** Files and folders of this computer as a tar, and what becomes of a tar here. */
@NullMarked
package dev.paas.cli.tar;

import org.jspecify.annotations.NullMarked;
