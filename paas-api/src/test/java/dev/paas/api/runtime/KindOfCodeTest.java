package dev.paas.api.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.api.fake.ProblemsBeforeKinds;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.contract.runtime.Problem;
import io.grpc.Metadata;
import io.grpc.Status;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

final class KindOfCodeTest {

  private static final Metadata.Key<byte[]> PROBLEM =
      Metadata.Key.of("paas-problem-bin", Metadata.BINARY_BYTE_MARSHALLER);

  /** Codes of http and ssh are neither stored with a row nor sent by paas-runtimed. */
  static List<ProblemsBeforeKinds.Row> storedOrSent() throws IOException {
    return ProblemsBeforeKinds.rows().stream()
        .filter(row -> !row.code().startsWith("http.") && !row.code().startsWith("ssh."))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("storedOrSent")
  void theKindFollowsFromTheCodeWhereAnOlderVersionSaysNone(ProblemsBeforeKinds.Row problem) {
    assertThat(KindOfCode.of(problem.code())).isEqualTo(problem.kind());
  }

  @Test
  void anOlderRuntimesProblemHasAKind() {
    Problem sent = Problem.newBuilder().setCode("image.not-found").build();
    assertThat(received(sent).kind()).isEqualTo(Kind.NOT_FOUND);
  }

  @Test
  void aKindThatANewerRuntimeKnowsIsReadFromTheCode() {
    Problem sent = Problem.newBuilder().setCode("image.not-found").setKindValue(900).build();
    assertThat(received(sent).kind()).isEqualTo(Kind.NOT_FOUND);
  }

  @ParameterizedTest
  @EnumSource
  void everyKindArrivesAsItWasSent(Kind kind) {
    Problem sent =
        Problem.newBuilder().setCode("x.y").setKind(Problem.Kind.valueOf(kind.name())).build();
    assertThat(received(sent).kind()).isEqualTo(kind);
  }

  private static dev.paas.base.problem.Problem received(Problem sent) {
    Metadata trailers = new Metadata();
    trailers.put(PROBLEM, sent.toByteArray());
    return RuntimeClient.problem(Status.INTERNAL.asRuntimeException(trailers));
  }
}
