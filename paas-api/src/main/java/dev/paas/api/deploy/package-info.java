/** What people ask of what runs: deployments, in the order in which they were asked for. */
@NullMarked
package dev.paas.api.deploy;

import org.jspecify.annotations.NullMarked;
