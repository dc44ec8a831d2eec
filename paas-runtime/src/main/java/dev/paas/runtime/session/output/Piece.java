package dev.paas.runtime.session.output;

import com.google.protobuf.ByteString;

/**
 * A piece of what a command printed.
 *
 * @param position how many bytes it had printed with this, both streams together
 */
record Piece(ByteString data, boolean stderr, long position) {

  /** Where it begins. */
  long start() {
    return position - data.size();
  }

  /** What of it comes after a position; it ends behind that. */
  Piece after(long from) {
    int known = (int) Math.max(0, from - start());
    return new Piece(data.substring(known), stderr, position);
  }
}
