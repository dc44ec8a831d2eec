package dev.paas.router.proxy;

import dev.paas.router.http1.Fields;
import dev.paas.router.http1.Framing;
import dev.paas.router.http1.ResponseHead;
import dev.paas.router.socket.Deadline;
import io.netty.buffer.ByteBuf;
import java.util.function.BooleanSupplier;

/**
 * All that an exchange asks of its client's side, whatever version of HTTP that side speaks. How a
 * message is framed, and whether the connection goes on after it, is decided behind it. Belongs to
 * the client's event loop.
 */
public interface ClientStream {

  // ---- the request

  /** Gives the exchange what is there of the request's body. */
  void handOn();

  /** Reads on when what is read can be relayed or held. */
  void readMore();

  // ---- the response: any interim ones, a head, its content, its end

  /** Sends an interim response at once. */
  void interim(ResponseHead head);

  /**
   * Sends the head of the response, and what is there of a small body with it.
   *
   * @param head as the instance sent it
   * @param framing how the instance framed the body
   * @param id of the request
   * @param body begins with the body
   * @param size bytes of {@code body} that are sent, which are the whole body or none
   */
  void head(ResponseHead head, Framing framing, String id, ByteBuf body, int size);

  /** Sends a part of the body, and owns it. */
  void content(ByteBuf content);

  /** The response is whole; the exchange has ended. */
  void end(Fields trailers);

  /**
   * Sends an answer of the router in place of the app's; the exchange has ended.
   *
   * @param mayKeep the client may send another request to the same connection
   */
  void answer(Page page, boolean mayKeep);

  /** Ends the response in the middle, so that the client sees it; the exchange has ended. */
  void cut();

  /** Hands what was written to the kernel. */
  void flush();

  // ---- a tunnel in place of a body

  /** Sends the head that turns the exchange into a tunnel. */
  void switching(ResponseHead head, String id);

  /** Gives all that the client sends to the tunnel from now on. */
  void open(Tunnel tunnel);

  /** Asks for more of what the client sends into the tunnel. */
  void ask();

  /** Sends bytes of a tunnel as they are, and owns them. */
  void pass(ByteBuf bytes);

  /**
   * Ends the sending half of the tunnel.
   *
   * @param written asked when all has been sent; false: the other half ends, too
   */
  void endOutput(BooleanSupplier written);

  /** The tunnel has ended: what was written to the client is sent for as long as it takes it. */
  void tunnelClosed();

  // ---- time and memory

  /** The limit of the present step; {@link Exchange#expired} follows when it has passed. */
  Deadline deadline();

  /** Runs something on the event loop. From any thread. */
  void execute(Runnable task);

  /** Bytes written that the kernel has not taken. */
  long unsent();

  /** Whether more of an answer may be read: with little memory left, when the last part is sent. */
  boolean takesMore();

  /** Bytes that are about to be written, in a buffer that is not much larger than they are. */
  ByteBuf taking(ByteBuf read);

  /** How much of so many bytes may be read, on either side. */
  int grant(int bytes);

  /** Whether so many bytes may be held for the exchange. */
  boolean mayHold(int bytes);

  /** Counts what is held now, on both sides; whether it may be a little more. */
  boolean settle();

  /** Whether there was little memory left when that was counted last. */
  boolean tight();
}
