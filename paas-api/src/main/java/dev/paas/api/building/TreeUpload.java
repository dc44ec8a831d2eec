package dev.paas.api.building;

import com.google.protobuf.UnsafeByteOperations;
import dev.paas.api.runtime.RuntimeClient;
import dev.paas.api.runtime.Upload;
import dev.paas.builder.source.SourceLimits;
import dev.paas.builder.source.SourceTree;
import dev.paas.builder.source.TarTrees;
import dev.paas.contract.runtime.HasTreeRequest;
import dev.paas.contract.runtime.PutTreeRequest;
import dev.paas.contract.runtime.PutTreeResponse;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * Brings a source tree to the runtime as a canonical tar; one that is there already is not sent.
 */
final class TreeUpload {

  /** One message, in bytes. */
  private static final int CHUNK = 64 << 10;

  private TreeUpload() {}

  /** Answers with the tree's digest once the runtime has it. */
  static String upload(RuntimeClient runtime, SourceTree tree, SourceLimits limits)
      throws IOException, InterruptedException {
    String digest = TarTrees.digest(tree, limits);
    HasTreeRequest question = HasTreeRequest.newBuilder().setDigest(digest).build();
    if (runtime.call(() -> runtime.now().hasTree(question)).getPresent()) {
      return digest;
    }
    Upload<PutTreeRequest, PutTreeResponse> upload = new Upload<>(runtime.streaming()::putTree);
    boolean whole = false;
    try (OutputStream out = new BufferedOutputStream(new Messages(upload), CHUNK)) {
      TarTrees.write(tree, limits, out);
      whole = true;
    } finally {
      if (!whole) {
        upload.cancel("the tree could not be read");
      }
    }
    String stored = upload.finish().getDigest();
    if (!stored.equals(digest)) {
      throw new IOException("the runtime stored " + stored + " (expected: " + digest + ")");
    }
    return stored;
  }

  /** Each write is a message. */
  private static final class Messages extends OutputStream {

    private final Upload<PutTreeRequest, PutTreeResponse> upload;

    Messages(Upload<PutTreeRequest, PutTreeResponse> upload) {
      this.upload = upload;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      for (int at = from; at < from + length; at += CHUNK) {
        byte[] part = Arrays.copyOfRange(bytes, at, Math.min(at + CHUNK, from + length));
        upload.send(
            PutTreeRequest.newBuilder().setData(UnsafeByteOperations.unsafeWrap(part)).build());
      }
    }
  }
}
