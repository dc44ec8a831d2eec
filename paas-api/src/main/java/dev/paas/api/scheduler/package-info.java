/** What runs: the instances of all apps, as paas-runtimed tells of them. */
@NullMarked
package dev.paas.api.scheduler;

import org.jspecify.annotations.NullMarked;
