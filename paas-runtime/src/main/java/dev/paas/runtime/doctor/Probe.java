package dev.paas.runtime.doctor;

import dev.paas.contract.runtime.Finding;

/**
 * One question to the host, which is answered by doing.
 *
 * @param name stable
 * @param fix what fixes it, in case the answer is no
 */
record Probe(String name, Question question, String fix) {

  /** Answers with what was found, or throws what is wrong. */
  interface Question {
    String answer() throws Exception;
  }

  /** Something that works, but not as well as it should. */
  static final class Warning extends Exception {
    private static final long serialVersionUID = 1L;

    Warning(String found) {
      super(found);
    }
  }

  Finding examine() {
    Finding.Builder finding = Finding.newBuilder().setProbe(name);
    try {
      return finding.setLevel(Finding.Level.OK).setFound(question.answer()).build();
    } catch (Warning warning) {
      return bad(finding, Finding.Level.WARNING, warning);
    } catch (Exception | LinkageError failed) {
      // A finding, whatever it is; a library that is not there is an error of the linker.
      return bad(finding, Finding.Level.ERROR, failed);
    }
  }

  private Finding bad(Finding.Builder finding, Finding.Level level, Throwable found) {
    return finding.setLevel(level).setFound(String.valueOf(found.getMessage())).setFix(fix).build();
  }
}
