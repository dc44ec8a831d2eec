/** Certificates of apps: those that people add, and what the router shows where. */
@NullMarked
package dev.paas.api.certificate;

import org.jspecify.annotations.NullMarked;
