/** TLS towards clients: certificates, the choice among them, session tickets. */
@NullMarked
package dev.paas.router.tls;

import org.jspecify.annotations.NullMarked;
