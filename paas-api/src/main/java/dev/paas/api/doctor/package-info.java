/** What is wrong with the platform and how to mend it. */
@NullMarked
package dev.paas.api.doctor;

import org.jspecify.annotations.NullMarked;
