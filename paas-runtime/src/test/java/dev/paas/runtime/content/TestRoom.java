package dev.paas.runtime.content;

/** Room for names as a platform with default settings has it. */
public final class TestRoom {

  public static final NameRoom.Limits LIMITS =
      new NameRoom.Limits(1_000_000, 128 << 20, 200_000, 256 << 10);

  private TestRoom() {}

  public static NameRoom open() {
    return new NameRoom(LIMITS);
  }

  public static NameRoom.Share share() {
    return open().share();
  }
}
