/** What every resource shares: problems as JSON, guards, idempotent writes. */
@NullMarked
package dev.paas.api.http;

import org.jspecify.annotations.NullMarked;
