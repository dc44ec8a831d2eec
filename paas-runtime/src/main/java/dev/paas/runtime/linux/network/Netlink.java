package dev.paas.runtime.linux.network;

import static dev.paas.runtime.linux.Kernel.CALLS;
import static dev.paas.runtime.linux.Kernel.checked;

import dev.paas.runtime.linux.Descriptor;
import dev.paas.runtime.linux.KernelException;
import java.io.IOException;
import java.net.Inet4Address;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * A route netlink socket (rtnetlink(7)) and the few messages the platform sends. Requests are
 * collected and go out as one batch; each is acknowledged by the kernel.
 */
public final class Netlink implements AutoCloseable {

  private static final int AF_INET = 2;
  private static final int AF_NETLINK = 16;
  private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
  private static final int SOL_SOCKET = 1;
  private static final int SO_RCVTIMEO = 20;

  private static final short NLMSG_ERROR = 2;
  private static final short RTM_NEWLINK = 16;
  private static final short RTM_DELLINK = 17;
  private static final short RTM_NEWADDR = 20;
  private static final short RTM_NEWROUTE = 24;
  private static final short RTM_DELROUTE = 25;
  private static final int NLM_F_REQUEST = 1;
  private static final int NLM_F_ACK = 4;
  private static final int NLM_F_REPLACE = 0x100;
  private static final int NLM_F_EXCL = 0x200;
  private static final int NLM_F_CREATE = 0x400;

  private static final int IFF_UP = 1;
  private static final int IFLA_IFNAME = 3;
  private static final int IFLA_LINKINFO = 18;
  private static final int IFLA_NET_NS_FD = 28;
  private static final int IFLA_NUM_TX_QUEUES = 31;
  private static final int IFLA_NUM_RX_QUEUES = 32;
  private static final int IFLA_INFO_KIND = 1;
  private static final int IFLA_INFO_DATA = 2;
  private static final int VETH_INFO_PEER = 1;
  private static final int IFA_ADDRESS = 1;
  private static final int IFA_LOCAL = 2;
  private static final int RTA_DST = 1;
  private static final int RTA_OIF = 4;
  private static final int RTA_GATEWAY = 5;
  private static final int RTA_PRIORITY = 6;
  private static final int RTA_PREFSRC = 7;
  private static final byte RT_TABLE_MAIN = (byte) 254;
  private static final byte RTPROT_STATIC = 4;
  private static final byte RT_SCOPE_UNIVERSE = 0;
  private static final byte RT_SCOPE_LINK = (byte) 253;
  private static final byte RTN_UNICAST = 1;
  private static final byte RTN_UNREACHABLE = 7;

  /** Any other route to the same range is preferred. */
  private static final int LAST_RESORT = 0x4000_0000;

  /** A kernel that does not answer within this time never will. */
  private static final long ANSWER_SECONDS = 5;

  private final Descriptor socket;
  private final List<String> names = new ArrayList<>();
  private ByteBuffer batch = message();
  private int sequence;

  private Netlink(Descriptor socket) {
    this.socket = socket;
  }

  /** A socket in the caller's own network namespace. */
  public static Netlink open() throws IOException {
    Descriptor socket =
        new Descriptor(checked("socket netlink", CALLS.socket(AF_NETLINK, SOCK_RAW_CLOEXEC, 0)));
    byte[] timeout =
        ByteBuffer.allocate(16)
            .order(ByteOrder.nativeOrder())
            .putLong(ANSWER_SECONDS)
            .putLong(0)
            .array();
    checked(
        "setsockopt SO_RCVTIMEO",
        CALLS.setsockopt(socket.number(), SOL_SOCKET, SO_RCVTIMEO, timeout, timeout.length));
    return new Netlink(socket);
  }

  /**
   * The index of an interface of the caller's namespace by its name; nothing when there is none.
   */
  public static OptionalInt index(String name) {
    int index = CALLS.if_nametoindex(name);
    return index == 0 ? OptionalInt.empty() : OptionalInt.of(index);
  }

  /**
   * A veth pair; the peer is born in another namespace, so that nothing moves. The kernel takes the
   * peer's index only beside one for this end.
   */
  public Netlink addVethPair(
      String name, int index, String peerName, int peerIndex, NetworkNamespace peerNamespace) {
    begin("add link " + name, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
    interfaceHeader(index, 0, 0);
    attribute(IFLA_IFNAME, name);
    attribute(IFLA_NUM_TX_QUEUES, 1);
    attribute(IFLA_NUM_RX_QUEUES, 1);
    int information = nest(IFLA_LINKINFO);
    attribute(IFLA_INFO_KIND, "veth");
    int data = nest(IFLA_INFO_DATA);
    int peer = nest(VETH_INFO_PEER);
    interfaceHeader(peerIndex, 0, 0);
    attribute(IFLA_IFNAME, peerName);
    attribute(IFLA_NUM_TX_QUEUES, 1);
    attribute(IFLA_NUM_RX_QUEUES, 1);
    attribute(IFLA_NET_NS_FD, peerNamespace.descriptor().number());
    end(peer);
    end(data);
    end(information);
    return finish();
  }

  public Netlink up(int index) {
    begin("link up", RTM_NEWLINK, 0);
    interfaceHeader(index, IFF_UP, IFF_UP);
    return finish();
  }

  public Netlink deleteLink(int index) {
    begin("delete link", RTM_DELLINK, 0);
    interfaceHeader(index, 0, 0);
    return finish();
  }

  /** An address of this interface alone: /32, no neighbours by it. */
  public Netlink addAddress(int index, Inet4Address address) {
    begin("add address", RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE);
    batch.put((byte) AF_INET).put((byte) 32).put((byte) 0).put(RT_SCOPE_UNIVERSE).putInt(index);
    attribute(IFA_LOCAL, address.getAddress());
    attribute(IFA_ADDRESS, address.getAddress());
    return finish();
  }

  /**
   * One address is reached directly over an interface; {@code from} is this host's address towards
   * it.
   */
  public Netlink addHostRoute(int index, Inet4Address destination, Inet4Address from) {
    begin("add route", RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE);
    routeHeader(32, RT_SCOPE_LINK, RTN_UNICAST);
    attribute(RTA_DST, destination.getAddress());
    attribute(RTA_OIF, index);
    attribute(RTA_PREFSRC, from.getAddress());
    return finish();
  }

  public Netlink addDefaultRoute(int index, Inet4Address gateway) {
    begin("add default route", RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE);
    routeHeader(0, RT_SCOPE_UNIVERSE, RTN_UNICAST);
    attribute(RTA_OIF, index);
    attribute(RTA_GATEWAY, gateway.getAddress());
    return finish();
  }

  /**
   * What no other route reaches in a range is refused at once ({@code EHOSTUNREACH}) instead of
   * leaving by the default route.
   */
  public Netlink addUnreachable(Inet4Address base, int prefix) {
    begin("add unreachable route", RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE);
    return unreachable(base, prefix);
  }

  public Netlink deleteUnreachable(Inet4Address base, int prefix) {
    begin("delete unreachable route", RTM_DELROUTE, 0);
    return unreachable(base, prefix);
  }

  private Netlink unreachable(Inet4Address base, int prefix) {
    routeHeader(prefix, RT_SCOPE_UNIVERSE, RTN_UNREACHABLE);
    attribute(RTA_DST, base.getAddress());
    attribute(RTA_PRIORITY, LAST_RESORT);
    return finish();
  }

  /** Sends what was collected; fails with the first request that the kernel refused. */
  public void send() throws IOException {
    byte[] out = new byte[batch.position()];
    batch.flip();
    batch.get(out);
    batch = message();
    int first = sequence - names.size() + 1;
    List<String> sent = List.copyOf(names);
    names.clear();
    checked("send netlink", CALLS.send(socket.number(), out, out.length, 0));
    KernelException refused = null;
    for (int answered = 0; answered < sent.size(); ) {
      byte[] in = new byte[16_384];
      long length = checked("receive netlink", CALLS.recv(socket.number(), in, in.length, 0));
      ByteBuffer answers = ByteBuffer.wrap(in, 0, (int) length).order(ByteOrder.nativeOrder());
      while (answers.remaining() >= 16) {
        int start = answers.position();
        int size = answers.getInt();
        short type = answers.getShort();
        answers.getShort();
        int number = answers.getInt();
        answers.getInt();
        if (type == NLMSG_ERROR) {
          int error = -answers.getInt();
          if (error != 0 && refused == null) {
            refused = new KernelException(sent.get(number - first), error);
          }
          answered++;
        }
        answers.position(Math.min(answers.limit(), start + aligned(size)));
      }
    }
    if (refused != null) {
      throw refused;
    }
  }

  private int header;

  private void begin(String name, short type, int flags) {
    names.add(name);
    header = batch.position();
    batch.putInt(0).putShort(type).putShort((short) (flags | NLM_F_REQUEST | NLM_F_ACK));
    batch.putInt(++sequence).putInt(0);
  }

  private Netlink finish() {
    batch.putInt(header, batch.position() - header);
    pad();
    return this;
  }

  private void interfaceHeader(int index, int flags, int change) {
    batch
        .put((byte) 0)
        .put((byte) 0)
        .putShort((short) 0)
        .putInt(index)
        .putInt(flags)
        .putInt(change);
  }

  private void routeHeader(int length, byte scope, byte type) {
    batch.put((byte) AF_INET).put((byte) length).put((byte) 0).put((byte) 0);
    batch.put(RT_TABLE_MAIN).put(RTPROT_STATIC).put(scope).put(type).putInt(0);
  }

  private void attribute(int type, String text) {
    byte[] bytes = (text + "\0").getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    attribute(type, bytes);
  }

  private void attribute(int type, int value) {
    attribute(type, ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(value).array());
  }

  private void attribute(int type, byte[] value) {
    batch.putShort((short) (4 + value.length)).putShort((short) type).put(value);
    pad();
  }

  private int nest(int type) {
    int at = batch.position();
    batch.putShort((short) 0).putShort((short) type);
    return at;
  }

  private void end(int nested) {
    batch.putShort(nested, (short) (batch.position() - nested));
  }

  private void pad() {
    batch.position(aligned(batch.position()));
  }

  private static int aligned(int length) {
    return (length + 3) & ~3;
  }

  private static ByteBuffer message() {
    return ByteBuffer.allocate(4096).order(ByteOrder.nativeOrder());
  }

  @Override
  public void close() {
    socket.close();
  }
}
