package dev.paas.api.audit;

import dev.paas.api.boot.OnPostgreSql;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Tag;

@QuarkusTest
@Tag("slow")
@TestProfile(OnPostgreSql.class)
final class AuditOnPostgreSqlIT extends AuditIT {}
