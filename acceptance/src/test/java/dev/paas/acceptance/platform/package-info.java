/** A running platform and what people do with it: processes, repositories, requests. */
@NullMarked
package dev.paas.acceptance.platform;

import org.jspecify.annotations.NullMarked;
