/** Commands for the certificates of an app. */
@NullMarked
package dev.paas.cli.certificate;

import org.jspecify.annotations.NullMarked;
