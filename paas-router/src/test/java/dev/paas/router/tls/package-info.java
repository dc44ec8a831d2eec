@NullMarked
package dev.paas.router.tls;

import org.jspecify.annotations.NullMarked;
