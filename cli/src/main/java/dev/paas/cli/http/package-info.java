/** The client's side of the REST API. */
@NullMarked
package dev.paas.cli.http;

import org.jspecify.annotations.NullMarked;
