package dev.paas.api.config;

import dev.paas.api.boot.OnPostgreSql;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;

@QuarkusTest
@Tag("slow")
@TestProfile(OnPostgreSql.class)
final class ConfigOnPostgreSqlIT extends ConfigIT {

  @Override
  List<Path> databaseFiles(Path data) throws IOException {
    try (Stream<Path> log = Files.list(data.resolveSibling("postgresql/cluster/pg_wal"))) {
      return log.filter(Files::isRegularFile).toList();
    }
  }
}
