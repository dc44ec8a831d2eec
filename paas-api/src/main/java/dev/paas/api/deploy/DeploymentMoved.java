package dev.paas.api.deploy;

/**
 * A deployment comes to another state. Told within the commit that records it, so that what belongs
 * to that commit is done in it; whoever hears it and fails rolls it back.
 *
 * @param deployment as it was
 * @param state that it comes to
 */
public record DeploymentMoved(Deployment deployment, DeploymentState state) {}
