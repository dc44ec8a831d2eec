package dev.paas.api.app;

import dev.paas.api.boot.OnPostgreSql;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;

@QuarkusTest
@TestProfile(OnPostgreSql.class)
final class AppsOnPostgreSqlIT extends AppsIT {}
