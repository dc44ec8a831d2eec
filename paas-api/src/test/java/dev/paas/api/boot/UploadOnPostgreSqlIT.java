package dev.paas.api.boot;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Tag;

@QuarkusTest
@Tag("slow")
@TestProfile(OnPostgreSql.class)
final class UploadOnPostgreSqlIT extends UploadIT {}
