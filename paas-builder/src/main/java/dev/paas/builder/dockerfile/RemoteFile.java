package dev.paas.builder.dockerfile;

import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.builder.dockerfile.text.Bounds;
import dev.paas.builder.dockerfile.text.Text;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A source of ADD that is downloaded.
 *
 * @param written where it stands
 * @param url as it is asked for
 * @param name of the file: the last segment of the path (RFC 3986, 3.3), if it has one
 */
record RemoteFile(Text written, String url, Optional<String> name) {

  private static final Pattern HTTP =
      Pattern.compile("(?i)https?://([^/?#]*)([^?#]*)(\\?[^#]*)?(#.*)?", Pattern.DOTALL);

  /** Of a host with a port; what has an @ gives a password to everybody who reads the file. */
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:\\[\\]-]+");

  private static final Pattern PRINTED = Pattern.compile("[\\x21-\\x7e]+");

  /** Docker clones these, and what begins with another scheme it refuses or clones. */
  private static final Pattern OTHER =
      Pattern.compile(
          "(?i)((ftp|git|ssh)://.*|git@[^/]+:.*|https?://[^?#]*\\.git(#.*)?)", Pattern.DOTALL);

  /** What a source names on the network; empty for one of the repository. */
  static Optional<RemoteFile> of(Text written, String source, Bounds bounds) {
    if (OTHER.matcher(source).matches()) {
      throw written.problem(
          Kind.INVALID,
          "dockerfile.add-remote",
          "ADD of a git repository, or of an address that is not HTTP, is not supported",
          "Use RUN git clone with --depth 1, or an https:// address of one file.");
    }
    Matcher http = HTTP.matcher(source);
    if (!http.matches()) {
      return Optional.empty();
    }
    if (!HOST.matcher(http.group(1)).matches() || !PRINTED.matcher(source).matches()) {
      throw bad(written);
    }
    String path = decoded(http.group(2), written).replaceAll("/+$", "");
    String name = path.substring(path.lastIndexOf('/') + 1);
    if (name.isEmpty() || name.equals(".") || name.equals("..")) {
      return Optional.of(new RemoteFile(written, source, Optional.empty()));
    }
    if (name.indexOf('\0') >= 0) {
      throw bad(written);
    }
    return Optional.of(new RemoteFile(written, source, Optional.of(bounds.path(name, written))));
  }

  /** Percent-encoded bytes of UTF-8 (RFC 3986, 2.1). */
  private static String decoded(String path, Text written) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c != '%') {
        bytes.write(c);
        continue;
      }
      String hex = path.substring(i + 1, Math.min(path.length(), i + 3));
      if (!hex.matches("[0-9A-Fa-f]{2}")) {
        throw bad(written);
      }
      bytes.write(Integer.parseInt(hex, 16));
      i += 2;
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static PaasException bad(Text written) {
    return written.problem(
        Kind.INVALID,
        "dockerfile.bad-url",
        "A file can't be downloaded from this address",
        "Write http:// or https://, a host and a path, without a password; encode other characters,"
            + " e.g. a blank as %20.");
  }
}
