/** Load for minutes while everything changes and dies: what {@code bin/soak} runs. */
@NullMarked
package dev.paas.acceptance.soak;

import org.jspecify.annotations.NullMarked;
