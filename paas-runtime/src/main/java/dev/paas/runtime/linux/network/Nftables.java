package dev.paas.runtime.linux.network;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.io.IOException;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;

/**
 * The host's packet filter through libnftables: the language of nft(8), a batch is one transaction.
 */
public final class Nftables implements AutoCloseable {

  /** Bound by name: libnftables(3). */
  public interface Calls {
    Pointer nft_ctx_new(int flags);

    void nft_ctx_free(Pointer context);

    int nft_ctx_buffer_output(Pointer context);

    int nft_ctx_buffer_error(Pointer context);

    String nft_ctx_get_output_buffer(Pointer context);

    String nft_ctx_get_error_buffer(Pointer context);

    void nft_ctx_output_set_flags(Pointer context, int flags);

    int nft_run_cmd_from_buffer(Pointer context, String commands);
  }

  private static final int NFT_CTX_OUTPUT_HANDLE = 1 << 3;

  private final Calls library;
  private final Pointer context;
  private boolean closed;

  private Nftables(Calls library, Pointer context) {
    this.library = library;
    this.context = context;
  }

  /**
   * Loads the library.
   *
   * @throws dev.paas.base.problem.PaasException {@code host.no-nftables}
   */
  public static Nftables open() {
    Calls library;
    try {
      library = LibraryLoader.create(Calls.class).failImmediately().load("libnftables.so.1");
    } catch (UnsatisfiedLinkError missing) {
      throw Problem.of(
              Kind.UNPREPARED,
              "host.no-nftables",
              "This host has no library for its packet filter",
              "libnftables.so.1",
              "Install the package libnftables1.")
          .asException(missing);
    }
    Pointer context = library.nft_ctx_new(0);
    library.nft_ctx_buffer_output(context);
    library.nft_ctx_buffer_error(context);
    library.nft_ctx_output_set_flags(context, NFT_CTX_OUTPUT_HANDLE);
    return new Nftables(library, context);
  }

  /** Runs a batch, all or nothing, and gives back what it printed (rules with their handles). */
  public synchronized String run(String commands) throws IOException {
    if (closed) {
      throw new IOException("the packet filter was closed");
    }
    int failed = library.nft_run_cmd_from_buffer(context, commands);
    String said = library.nft_ctx_get_error_buffer(context);
    String output = library.nft_ctx_get_output_buffer(context);
    if (failed != 0) {
      throw new IOException("nft: " + said.strip());
    }
    return output;
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      library.nft_ctx_free(context);
    }
  }
}
