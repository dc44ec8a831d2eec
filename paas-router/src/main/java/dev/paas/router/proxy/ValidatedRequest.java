package dev.paas.router.proxy;

import dev.paas.router.http1.BadMessage;
import dev.paas.router.http1.FieldNames;
import dev.paas.router.http1.Fields;
import dev.paas.router.http1.Framing;
import dev.paas.router.http1.RequestHead;
import dev.paas.router.table.HostName;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request that may be relayed: its head was read without leniency, and nothing in it could mean
 * one thing here and another at the instance.
 *
 * @param target in origin form, or {@code *}
 * @param authority the host as the client wrote it, with its port
 * @param host the host in the form of the route table
 * @param keepAlive the client wants to use the connection again
 * @param expectsContinue the client waits for a 100 before it sends the body
 * @param upgrade the protocol that the client wants to change to, or null
 * @param trailers the client takes trailers
 */
public record ValidatedRequest(
    RequestHead head,
    Framing framing,
    String target,
    String authority,
    String host,
    boolean keepAlive,
    boolean expectsContinue,
    @Nullable String upgrade,
    boolean trailers) {

  /** Fields that the router alone writes; an instance takes their word for true. */
  private static final FieldNames OURS =
      FieldNames.of("x-request-id", "x-request-start", "x-real-ip", "forwarded");

  /** Fields that decide where a message goes, where it ends or who sent it. */
  private static final FieldNames DECIDING =
      FieldNames.of(
          "host",
          "content-length",
          "content-type",
          "content-encoding",
          "cookie",
          "authorization",
          "connection",
          "expect",
          "origin",
          "transfer-encoding");

  private static final FieldNames FRAMING =
      FieldNames.of(
          "host", "content-length", "transfer-encoding", "connection", "expect", "te", "trailer");

  private static final Pattern UPGRADE = Pattern.compile("[!#-'*+.0-9A-Z^-z|~/-]{1,64}");

  static boolean isOurs(String name) {
    // Gateways to programs make underscores of hyphens: such a name is the other one's to them.
    String hyphens = name.indexOf('_') < 0 ? name : name.replace('_', '-');
    return startsWith(hyphens, "x-forwarded-")
        || startsWith(hyphens, "x-paas-")
        || OURS.has(hyphens);
  }

  static boolean startsWith(String name, String prefix) {
    return name.regionMatches(true, 0, prefix, 0, prefix.length());
  }

  Page.Asked asked() {
    String accept = head.fields().first("Accept");
    return new Page.Asked(
        accept != null && accept.contains("text/html"), head.method().equals("HEAD"));
  }

  /**
   * Safe to repeat when nobody knows whether it was carried out (RFC 9110 §9.2.2), and bodyless.
   */
  boolean repeatable() {
    return !framing.hasBody()
        && switch (head.method()) {
          case "GET", "HEAD", "OPTIONS", "PUT", "DELETE" -> true;
          default -> false;
        };
  }

  /** Without the fields, which are many bytes: it has been sent and will not be sent again. */
  ValidatedRequest sent() {
    Fields kept = new Fields();
    if (asked().html()) {
      kept.add("Accept", "text/html");
    }
    return new ValidatedRequest(
        new RequestHead(head.method(), "", head.minor(), kept),
        framing,
        "",
        authority,
        host,
        keepAlive,
        expectsContinue,
        upgrade,
        trailers);
  }

  /** Refuses what another parser could read differently. */
  public static ValidatedRequest of(RequestHead head) throws BadMessage {
    Framing framing = Framing.ofRequest(head);
    Fields fields = head.fields();
    refuseAbuse(fields);
    switch (head.method()) {
      case "CONNECT", "TRACE", "TRACK" ->
          throw new BadMessage(BadMessage.Kind.METHOD, "a method that is not relayed");
      default -> {}
    }
    List<String> hosts = fields.all("Host");
    boolean named = !hosts.isEmpty();
    if (hosts.size() > 1 || (!named && head.minor() == 1)) {
      throw malformed(named ? "more than one Host" : "no Host");
    }
    String authority = named ? hosts.get(0) : authority(head.target());
    String target = originForm(head, authority);
    // HTTP/1.0 may name no host: then no app has it.
    boolean none = !named && authority.isEmpty();
    String host =
        none ? "" : HostName.of(authority).orElseThrow(() -> malformed("the Host is not a host"));
    Set<String> options = connectionOptions(fields);
    return new ValidatedRequest(
        head,
        framing,
        target,
        authority,
        host,
        head.minor() == 1 && !options.contains("close"),
        expectsContinue(head, framing),
        upgrade(head, framing, options),
        head.minor() == 1 && fields.members("TE").contains("trailers"));
  }

  private static void refuseAbuse(Fields fields) throws BadMessage {
    if (fields.has("Sec-WebSocket-Key1") || fields.has("Sec-WebSocket-Key2")) {
      throw malformed("a WebSocket draft whose body no header announces");
    }
    boolean[] lookAlike = {false};
    fields.forEach(
        (name, value) -> {
          if (name.indexOf('_') >= 0) {
            String hyphens = name.replace('_', '-');
            lookAlike[0] |= FRAMING.has(hyphens);
          }
        });
    if (lookAlike[0]) {
      throw malformed("a field that gateways take for another one");
    }
  }

  /** The members of Connection; none may name a field that another decision rests on. */
  private static Set<String> connectionOptions(Fields fields) throws BadMessage {
    List<String> members = fields.members("Connection");
    if (members.isEmpty()) {
      return Set.of();
    }
    Set<String> options = new HashSet<>();
    for (String member : members) {
      String option = member.toLowerCase(Locale.ROOT);
      if (isOurs(option) || DECIDING.has(option)) {
        throw malformed("Connection names a field that is not hop-by-hop");
      }
      options.add(option);
    }
    return options;
  }

  private static String originForm(RequestHead head, String hostField) throws BadMessage {
    String target = head.target();
    if (target.startsWith("/")) {
      return target;
    }
    if (target.equals("*") && head.method().equals("OPTIONS")) {
      return target;
    }
    int start = afterScheme(target);
    if (start < 0) {
      throw malformed("the request target is neither a path nor a URI");
    }
    int end = authorityEnd(target, start);
    String scheme = start == "https://".length() ? ":443" : ":80";
    if (!sameAuthority(target.substring(start, end), hostField, scheme)) {
      throw malformed("the request target and Host name different hosts");
    }
    String path = target.substring(end);
    return path.startsWith("/") ? path : "/" + path;
  }

  /** The host of a target in absolute form, or nothing. */
  private static String authority(String target) {
    int start = afterScheme(target);
    return start < 0 ? "" : target.substring(start, authorityEnd(target, start));
  }

  private static int authorityEnd(String target, int start) {
    int end = start;
    while (end < target.length() && "/?".indexOf(target.charAt(end)) < 0) {
      end++;
    }
    return end;
  }

  /** The port of the scheme may be written or not (RFC 9110 §4.2.3). */
  private static boolean sameAuthority(String one, String other, String port) {
    return one.equalsIgnoreCase(other)
        || one.equalsIgnoreCase(other + port)
        || other.equalsIgnoreCase(one + port);
  }

  private static int afterScheme(String target) {
    for (String scheme : List.of("http://", "https://")) {
      if (target.regionMatches(true, 0, scheme, 0, scheme.length())) {
        return scheme.length();
      }
    }
    return -1;
  }

  private static boolean expectsContinue(RequestHead head, Framing framing) throws BadMessage {
    List<String> expectations = head.fields().all("Expect");
    if (expectations.isEmpty()) {
      return false;
    }
    if (expectations.size() > 1 || !expectations.get(0).equalsIgnoreCase("100-continue")) {
      throw new BadMessage(BadMessage.Kind.EXPECTATION, "an expectation other than 100-continue");
    }
    return head.minor() == 1 && framing.hasBody();
  }

  /** Never HTTP/2 or TLS by upgrade: the instance would answer in a protocol nobody checks. */
  private static @Nullable String upgrade(RequestHead head, Framing framing, Set<String> options) {
    List<String> wanted = head.fields().all("Upgrade");
    boolean possible =
        wanted.size() == 1
            && options.contains("upgrade")
            && head.minor() == 1
            && head.method().equals("GET")
            && !framing.hasBody();
    if (!possible || !UPGRADE.matcher(wanted.get(0)).matches()) {
      return null;
    }
    String lower = wanted.get(0).toLowerCase(Locale.ROOT);
    return lower.startsWith("h2") || lower.startsWith("http") || lower.startsWith("tls")
        ? null
        : wanted.get(0);
  }

  private static BadMessage malformed(String what) {
    return new BadMessage(BadMessage.Kind.MALFORMED, what);
  }
}
