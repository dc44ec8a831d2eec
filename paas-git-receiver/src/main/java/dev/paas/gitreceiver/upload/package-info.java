/** Files that come without git: an archive becomes a commit of the app's repository. */
@NullMarked
package dev.paas.gitreceiver.upload;

import org.jspecify.annotations.NullMarked;
