package dev.paas.api.buildvars;

import dev.paas.api.boot.OnPostgreSql;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;

@QuarkusTest
@Tag("slow")
@TestProfile(OnPostgreSql.class)
final class BuildVarsOnPostgreSqlIT extends BuildVarsIT {

  @Override
  Path database(Path data) {
    return data.resolveSibling("postgresql/cluster/pg_wal");
  }
}
