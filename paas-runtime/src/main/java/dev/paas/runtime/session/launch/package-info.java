/** How the process of a session is made on this host, and taken away. */
@NullMarked
package dev.paas.runtime.session.launch;

import org.jspecify.annotations.NullMarked;
