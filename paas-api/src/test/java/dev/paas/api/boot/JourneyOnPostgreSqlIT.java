package dev.paas.api.boot;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;

@QuarkusTest
@TestProfile(OnPostgreSql.class)
final class JourneyOnPostgreSqlIT extends JourneyIT {}
