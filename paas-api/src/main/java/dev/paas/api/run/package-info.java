/**
 * From releases and formations to running instances: deployments, the plan and the runtime's
 * client.
 */
@NullMarked
package dev.paas.api.run;

import org.jspecify.annotations.NullMarked;
