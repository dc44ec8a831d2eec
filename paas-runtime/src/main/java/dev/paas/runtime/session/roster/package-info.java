/** What is known of sessions, now and after a restart. */
@NullMarked
package dev.paas.runtime.session.roster;

import org.jspecify.annotations.NullMarked;
