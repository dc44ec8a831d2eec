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
      return withProblem(status(expected.problem().code()), expected.problem());
    }
    if (failed instanceof InterruptedException) {
      return Status.CANCELLED.asRuntimeException();
    }
    if (DiskSpace.isFull(failed)) {
      LOG.atError().addKeyValue("call", call).addKeyValue("why", failed).log("no room");
      return withProblem(Status.RESOURCE_EXHAUSTED, DiskSpace.full("the runtime's files"));
    }
    LOG.atError().addKeyValue("call", call).setCause(failed).log("call failed");
    return withProblem(
        Status.INTERNAL,
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

  private static Status status(String code) {
    if (code.endsWith("not-found")) {
      return Status.NOT_FOUND;
    }
    if (code.equals("network.full")
        || code.equals("disk.full")
        || code.equals("runtime.no-uid-range")
        || code.equals("runtime.busy")
        || code.equals("instance.too-much-config")
        || code.equals("instance.too-many-one-offs")) {
      return Status.RESOURCE_EXHAUSTED;
    }
    if (code.startsWith("host.") || code.equals("instance.start-failed")) {
      return Status.FAILED_PRECONDITION;
    }
    return Status.INVALID_ARGUMENT;
  }

  private static StatusRuntimeException withProblem(Status status, Problem problem) {
    Metadata trailers = new Metadata();
    trailers.put(
        PROBLEM,
        dev.paas.contract.runtime.Problem.newBuilder()
            .setCode(problem.code())
            .setWhat(problem.what())
            .setValue(problem.value())
            .setFix(problem.fix())
            .build()
            .toByteArray());
    return status.withDescription(problem.code()).asRuntimeException(trailers);
  }
}
