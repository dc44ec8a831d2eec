/** Orders certificates from an authority by itself (ACME, RFC 8555). */
@NullMarked
package dev.paas.api.acme;

import org.jspecify.annotations.NullMarked;
