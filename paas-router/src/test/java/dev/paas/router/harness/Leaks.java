package dev.paas.router.harness;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Every buffer of a test is tracked; one that is collected before it was released is a leak. */
final class Leaks {

  private static final Queue<String> FOUND = new ConcurrentLinkedQueue<>();

  private Leaks() {}

  /** Before the first buffer of the process is made. */
  static void watch() {
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(
        new ResourceLeakDetectorFactory() {
          @Override
          @SuppressWarnings("deprecation") // the only form that is abstract
          public <T> ResourceLeakDetector<T> newResourceLeakDetector(
              Class<T> resource, int samplingInterval, long maxActive) {
            return new Recording<>(resource, samplingInterval);
          }

          @Override
          public <T> ResourceLeakDetector<T> newResourceLeakDetector(
              Class<T> resource, int samplingInterval) {
            return new Recording<>(resource, samplingInterval);
          }
        });
  }

  /** Fails when one of the buffers so far has leaked. */
  static void check() {
    System.gc();
    for (int i = 0; i < 10; i++) {
      // Collected buffers are noticed when the next one is made.
      ByteBuf next = Unpooled.directBuffer(1);
      next.release();
    }
    if (!FOUND.isEmpty()) {
      throw new AssertionError("leaked buffers: " + FOUND);
    }
  }

  private static final class Recording<T> extends ResourceLeakDetector<T> {

    @SuppressWarnings("deprecation") // the constructor that factories are meant to call
    Recording(Class<T> resource, int samplingInterval) {
      super(resource, samplingInterval);
    }

    @Override
    protected boolean needReport() {
      return true;
    }

    @Override
    protected void reportTracedLeak(String resource, String records) {
      FOUND.add(resource + records);
    }

    @Override
    protected void reportUntracedLeak(String resource) {
      FOUND.add(resource);
    }
  }
}
