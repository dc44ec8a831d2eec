package dev.paas.router.client;

import org.jspecify.annotations.Nullable;

/**
 * The clients of one event loop that have no request under way, those first that have waited
 * longest. Their place is a newcomer's when there is no other. Linked through the connections
 * themselves: entering and leaving makes nothing.
 */
final class WaitingClients {

  /** Clients that are looked at for one that nothing is being sent to any more. */
  private static final int LOOKED_AT = 32;

  private @Nullable ClientConnection first;
  private @Nullable ClientConnection last;

  void add(ClientConnection client) {
    Place place = client.place();
    if (place.taken) {
      remove(client);
    }
    place.taken = true;
    place.before = last;
    place.after = null;
    if (last == null) {
      first = client;
    } else {
      last.place().after = client;
    }
    last = client;
  }

  void remove(ClientConnection client) {
    Place place = client.place();
    if (!place.taken) {
      return;
    }
    if (place.before == null) {
      first = place.after;
    } else {
      place.before.place().after = place.after;
    }
    if (place.after == null) {
      last = place.before;
    } else {
      place.after.place().before = place.before;
    }
    place.taken = false;
    place.before = null;
    place.after = null;
  }

  /** The one to go first: it has got its answer, or else it has waited longest. */
  @Nullable ClientConnection oldest() {
    ClientConnection one = first;
    for (int i = 0; i < LOOKED_AT && one != null; i++) {
      if (one.allSent()) {
        return one;
      }
      one = one.place().after;
    }
    return first;
  }

  /** Where one client stands. */
  static final class Place {
    private boolean taken;
    private @Nullable ClientConnection before;
    private @Nullable ClientConnection after;
  }
}
