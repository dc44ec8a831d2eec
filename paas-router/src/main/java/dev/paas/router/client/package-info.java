/** HTTP in: who may connect, clients' connections, and the streams that exchanges answer to. */
@NullMarked
package dev.paas.router.client;

import org.jspecify.annotations.NullMarked;
