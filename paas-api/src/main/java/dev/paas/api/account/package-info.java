/** Users' keys and tokens over HTTP. */
@NullMarked
package dev.paas.api.account;

import org.jspecify.annotations.NullMarked;
