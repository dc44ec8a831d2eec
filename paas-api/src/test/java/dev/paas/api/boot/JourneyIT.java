package dev.paas.api.boot;

import io.quarkus.test.junit.QuarkusTest;

/** The journey on the scheduler of the product, with a runtime behind its socket. */
@QuarkusTest
final class JourneyIT extends Journey {}
