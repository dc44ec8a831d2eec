import dev.paas.contract.runtime.Image;
import dev.paas.contract.runtime.Instance;
import dev.paas.contract.runtime.InstanceId;
import dev.paas.contract.runtime.InstanceSpec;
import dev.paas.contract.runtime.ResolveImageRequest;
import dev.paas.contract.runtime.RuntimeGrpc;
import dev.paas.contract.runtime.StartInstanceRequest;
import dev.paas.contract.runtime.StopInstanceRequest;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.util.concurrent.TimeUnit;

/**
 * A client of the runtime's socket for bin/bench, which holds its connection open as paasd does: SOCKET IMAGE. Reads
 * {@code start N} and {@code stop N} from standard input; answers each with the microseconds that the call took.
 */
final class StartInstances {

  public static void main(String[] arguments) throws Exception {
    EpollEventLoopGroup loop = new EpollEventLoopGroup(1);
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(new DomainSocketAddress(new File(arguments[0])))
            .channelType(EpollDomainSocketChannel.class)
            .eventLoopGroup(loop)
            .usePlaintext()
            .build();
    RuntimeGrpc.RuntimeBlockingStub runtime = RuntimeGrpc.newBlockingStub(channel);
    Image image = runtime.resolveImage(ResolveImageRequest.newBuilder().setRef(arguments[1]).build());
    BufferedReader commands = new BufferedReader(new InputStreamReader(System.in));
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      String[] words = line.split(" ");
      InstanceId id =
          InstanceId.newBuilder()
              .setApp("bench")
              .setProcess("worker")
              .setRelease(1)
              .setSlot(1)
              .setGeneration(Long.parseLong(words[1]) + 1)
              .build();
      long begun = System.nanoTime();
      RuntimeGrpc.RuntimeBlockingStub call = runtime.withDeadlineAfter(60, TimeUnit.SECONDS);
      if (words[0].equals("start")) {
        start(call, image.getDigest(), id);
      } else {
        call.stopInstance(StopInstanceRequest.newBuilder().setId(id).build());
      }
      System.out.println((System.nanoTime() - begun) / 1000);
    }
    channel.shutdownNow();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
  }

  private static void start(RuntimeGrpc.RuntimeBlockingStub call, String image, InstanceId id) {
    InstanceSpec spec =
        InstanceSpec.newBuilder()
            .setId(id)
            .setImage(image)
            .addArgv("sleep")
            .addArgv("1000")
            .build();
    Instance started = call.startInstance(StartInstanceRequest.newBuilder().setSpec(spec).build());
    // RUNNING would say that it is ready, too; it has no port to be ready on.
    boolean begun =
        started.getState() == Instance.State.STARTING
            || started.getState() == Instance.State.RUNNING;
    if (!begun || started.getPid() == 0) {
      throw new IllegalStateException("not running: " + started);
    }
  }
}
