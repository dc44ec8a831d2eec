package dev.paas.runtime.rpc;

import dev.paas.base.disk.DiskSpace;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What callers get when a call fails: a status and, in a trailer, the problem. */
final class Failures {

  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

  static final Metadata.Key<byte[]> PROBLEM =
      Metadata.Key.of("paas-problem-bin", Metadata.BINARY_BYTE_MARSHALLER);

  private Failures() {}

  static StatusRuntimeException of(String call, Throwable failed) {
    if (failed instanceof PaasException expected) {
      return withProblem(expected.problem());
    }
    if (failed instanceof InterruptedException) {
      return Status.CANCELLED.asRuntimeException();
    }
    if (DiskSpace.isFull(failed)) {
      LOG.atError().addKeyValue("call", call).addKeyValue("why", failed).log("no room");
      return withProblem(DiskSpace.full("the runtime's files"));
    }
    LOG.atError().addKeyValue("call", call).setCause(failed).log("call failed");
    return withProblem(
        Problem.of(
            Kind.FAILED,
            "runtime.internal",
            "The runtime could not do this",
            String.valueOf(failed.getMessage()),
            "Run paas doctor; the log of paas-runtimed has the details."));
  }

  static PaasException busy() {
    return Problem.of(
            Kind.BUSY,
            "runtime.busy",
            "The runtime does as much as it can",
            "Try again when a build or a stream has ended.")
        .asException();
  }

  static Status status(Kind kind) {
    return switch (kind) {
      case INVALID, USAGE, TOO_LARGE, IMPOSSIBLE, OVER_ALLOWANCE -> Status.INVALID_ARGUMENT;
      case UNAUTHENTICATED -> Status.UNAUTHENTICATED;
      case FORBIDDEN -> Status.PERMISSION_DENIED;
      case NOT_FOUND, GONE -> Status.NOT_FOUND;
      case CONFLICT, UNPREPARED, HOST_FAILED -> Status.FAILED_PRECONDITION;
      case BUSY, OVER_LIMIT, EXHAUSTED, FULL -> Status.RESOURCE_EXHAUSTED;
      case FAILED, INTERNAL -> Status.INTERNAL;
      case CANCELLED -> Status.CANCELLED;
      case UNAVAILABLE -> Status.UNAVAILABLE;
    };
  }

  private static dev.paas.contract.runtime.Problem.Kind sent(Kind kind) {
    return switch (kind) {
      case INVALID -> dev.paas.contract.runtime.Problem.Kind.INVALID;
      case USAGE -> dev.paas.contract.runtime.Problem.Kind.USAGE;
      case UNAUTHENTICATED -> dev.paas.contract.runtime.Problem.Kind.UNAUTHENTICATED;
      case FORBIDDEN -> dev.paas.contract.runtime.Problem.Kind.FORBIDDEN;
      case NOT_FOUND -> dev.paas.contract.runtime.Problem.Kind.NOT_FOUND;
      case CONFLICT -> dev.paas.contract.runtime.Problem.Kind.CONFLICT;
      case BUSY -> dev.paas.contract.runtime.Problem.Kind.BUSY;
      case GONE -> dev.paas.contract.runtime.Problem.Kind.GONE;
      case TOO_LARGE -> dev.paas.contract.runtime.Problem.Kind.TOO_LARGE;
      case IMPOSSIBLE -> dev.paas.contract.runtime.Problem.Kind.IMPOSSIBLE;
      case OVER_ALLOWANCE -> dev.paas.contract.runtime.Problem.Kind.OVER_ALLOWANCE;
      case OVER_LIMIT -> dev.paas.contract.runtime.Problem.Kind.OVER_LIMIT;
      case EXHAUSTED -> dev.paas.contract.runtime.Problem.Kind.EXHAUSTED;
      case FULL -> dev.paas.contract.runtime.Problem.Kind.FULL;
      case UNPREPARED -> dev.paas.contract.runtime.Problem.Kind.UNPREPARED;
      case HOST_FAILED -> dev.paas.contract.runtime.Problem.Kind.HOST_FAILED;
      case FAILED -> dev.paas.contract.runtime.Problem.Kind.FAILED;
      case CANCELLED -> dev.paas.contract.runtime.Problem.Kind.CANCELLED;
      case UNAVAILABLE -> dev.paas.contract.runtime.Problem.Kind.UNAVAILABLE;
      case INTERNAL -> dev.paas.contract.runtime.Problem.Kind.INTERNAL;
    };
  }

  private static StatusRuntimeException withProblem(Problem problem) {
    Metadata trailers = new Metadata();
    trailers.put(
        PROBLEM,
        dev.paas.contract.runtime.Problem.newBuilder()
            .setKind(sent(problem.kind()))
            .setCode(problem.code())
            .setWhat(problem.what())
            .setValue(problem.value())
            .setFix(problem.fix())
            .build()
            .toByteArray());
    return status(problem.kind()).withDescription(problem.code()).asRuntimeException(trailers);
  }
}
