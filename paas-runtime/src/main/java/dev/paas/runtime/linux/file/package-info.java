/**
 * Files and folders by descriptor, with names of any bytes: how deep a tree is, or where its links
 * lead, makes no difference.
 */
@NullMarked
package dev.paas.runtime.linux.file;

import org.jspecify.annotations.NullMarked;
