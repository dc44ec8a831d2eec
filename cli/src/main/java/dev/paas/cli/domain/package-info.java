/** Host names of apps. */
@NullMarked
package dev.paas.cli.domain;

import org.jspecify.annotations.NullMarked;
