/** What is wrong with the platform and how to fix it. */
@NullMarked
package dev.paas.api.doctor;

import org.jspecify.annotations.NullMarked;
