package dev.paas.gitreceiver.receive;

import dev.paas.gitreceiver.ClientGone;
import dev.paas.gitreceiver.Progress;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Lines on git's second side band, each sent at once; git shows them after {@code remote: }. */
final class SidebandProgress implements Progress {

  private final OutputStream messages;
  private final ClientGone hangUp;
  private final Runnable anchored;
  private boolean ended;

  SidebandProgress(OutputStream messages, ClientGone hangUp, Runnable anchored) {
    this.messages = messages;
    this.hangUp = hangUp;
    this.anchored = anchored;
  }

  @Override
  public synchronized void line(String text) {
    // After the end the stream belongs to JGit's report.
    if (ended || hangUp.happened()) {
      return;
    }
    try {
      messages.write((TerminalText.clean(text) + "\n").getBytes(StandardCharsets.UTF_8));
      messages.flush();
    } catch (IOException jgitSwallowsThem) {
      throw new UncheckedIOException(jgitSwallowsThem);
    }
  }

  @Override
  public boolean connected() {
    return !hangUp.happened();
  }

  @Override
  public void onHangUp(Runnable action) {
    hangUp.then(action);
  }

  @Override
  public void anchored() {
    anchored.run();
  }

  synchronized void end() {
    ended = true;
  }
}
