/** How instances follow what is committed: the plan, its steps and the states of deployments. */
@NullMarked
package dev.paas.api.rollout;

import org.jspecify.annotations.NullMarked;
