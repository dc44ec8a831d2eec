package dev.paas.base.settings;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The one settings file of a platform ({@code /etc/paas/paas.toml}), read by all three daemons.
 * Every limit of the platform is here with its unit; docs/settings.md says what each is for.
 */
public record PlatformSettings(
    Platform platform,
    Api api,
    Ssh ssh,
    Router router,
    InstanceSettings runtime,
    Terminals terminals,
    Build build,
    StackSettings stacks,
    ToolchainSettings toolchains,
    Planning planning,
    ImageSettings images,
    Deploy deploy,
    UploadSettings uploads,
    Audit audit,
    DomainSettings domains,
    CertificateSettings certificates,
    Quota quota) {

  private static final Map<String, Object> BY_DEFAULT = Toml.parse("defaults.toml", defaultsText());

  /** What a fresh host gets: {@code defaults.toml}, from which docs/settings.md is made. */
  public static final PlatformSettings DEFAULTS = parse("defaults.toml", "");

  /** The file named by {@code PAAS_CONFIG}, or {@code /etc/paas/paas.toml}. */
  public static PlatformSettings load() {
    String named = System.getenv("PAAS_CONFIG");
    return load(Path.of(named == null ? "/etc/paas/paas.toml" : named));
  }

  /** The settings of a file over the defaults. */
  public static PlatformSettings load(Path file) {
    return parse(file.toString(), Settings.read(file));
  }

  /**
   * The settings of a text over the defaults.
   *
   * @param origin what problems call the text
   */
  public static PlatformSettings parse(String origin, String text) {
    return Settings.bind(PlatformSettings.class, origin, text, BY_DEFAULT);
  }

  /** The images that builds with a buildpack begin with. */
  public List<String> everyStack() {
    return Stream.concat(Stream.of(build.stack()), stacks.all().stream()).toList();
  }

  static String defaultsText() {
    try (InputStream text = PlatformSettings.class.getResourceAsStream("defaults.toml")) {
      return new String(Objects.requireNonNull(text).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /**
   * Identity and places.
   *
   * @param id at most 8 characters; part of cgroup, network and table names, so that platforms do
   *     not collide
   * @param domain apps answer at {@code <app>.<domain>}
   * @param data what survives a reboot: {@code db}, {@code git}, {@code runtime}, {@code router}
   *     live in it
   * @param run sockets and other state that a reboot clears; tmpfs
   * @param controlUser owner of paasd: a name or a numeric uid
   * @param routerUser owner of paas-routerd: a name or a numeric uid
   * @param diskReserve with less room than this, pushes are refused and builds fail
   */
  public record Platform(
      String id,
      String domain,
      Path data,
      Path run,
      String controlUser,
      String routerUser,
      @AtLeast("0B") DataSize diskReserve) {
    private static final Pattern ID = Pattern.compile("[a-z][a-z0-9]{0,7}");

    public Platform {
      if (!ID.matcher(id).matches()) {
        throw Problem.of(
                Kind.INVALID,
                "settings.bad-platform-id",
                "This is not an id for a platform",
                id,
                "Use 1 to 8 lower-case letters and digits, a letter first.")
            .asException();
      }
    }

    /** paas-runtimed listens here; root owns it, paasd's group may connect. */
    public Path runtimeSocket() {
      return run.resolve("runtime/runtime.sock");
    }

    /** paas-routerd listens here for paasd. */
    public Path routerSocket() {
      return run.resolve("router/control.sock");
    }
  }

  /**
   * The REST API: where it listens and what it accepts.
   *
   * @param listen a loopback address
   * @param maxBody largest JSON body
   * @param maxImport largest root filesystem that may be uploaded
   * @param maxConnections connections at once; further ones are closed
   * @param maxLogReaders logs that one user reads at once
   * @param idempotencyKept how long the answer to a write with an Idempotency-Key is kept
   * @param faultPoints obey {@code PAAS_FAULT} and the file {@code <run>/api/fault}; for tests only
   */
  public record Api(
      ListenAddress listen,
      DataSize maxBody,
      DataSize maxImport,
      int maxConnections,
      int maxLogReaders,
      Duration idempotencyKept,
      boolean faultPoints) {}

  /**
   * The SSH server that takes pushes.
   *
   * @param maxPack the largest push
   * @param maxObject the largest single file in one
   * @param maxRefs branches and tags of one app
   * @param maxUnpacked what the objects of one push may come to when they are unpacked
   * @param unpackMemory heap that all pushes together may take while they are unpacked
   */
  public record Ssh(
      ListenAddress listen,
      int maxSessions,
      int maxUnauthenticatedPerAddress,
      Duration authTimeout,
      int maxAuthRequests,
      Duration idleTimeout,
      DataSize maxPack,
      DataSize maxObject,
      int maxRefs,
      DataSize maxUnpacked,
      DataSize unpackMemory) {

    /** The same with fewer connections, where the process may not open as many. */
    public Ssh withAtMost(int sessions) {
      return new Ssh(
          listen,
          Math.min(maxSessions, sessions),
          maxUnauthenticatedPerAddress,
          authTimeout,
          maxAuthRequests,
          idleTimeout,
          maxPack,
          maxObject,
          maxRefs,
          maxUnpacked,
          unpackMemory);
    }
  }

  /**
   * The reverse proxy.
   *
   * @param http where it listens; the port of the first address stands in the URLs of apps
   * @param https where it listens for TLS; nowhere: it does not
   * @param connectTimeout for an instance to accept a connection
   * @param responseTimeout from the end of the request to the response's first byte
   * @param idleTimeout without a byte in a body, and of a client's connection between requests
   * @param headerTimeout for a request's head to arrive
   * @param poolIdle a connection to an instance waits that long for its next request; below the 5 s
   *     after which Node closes it
   * @param tunnelIdle without a byte either way through a WebSocket or another tunnel
   * @param drainTimeout for requests of an instance that left the table, and when the router stops
   * @param maxConnections of clients; further ones are answered with 503
   * @param maxHeaders bytes of a head
   * @param maxHeld bytes of requests and answers that the process holds beyond a few KiB of each
   *     connection
   * @param minRate bytes a second, on average: of a body that a client sends before it is answered,
   *     and of an answer that it takes
   * @param sendTimeout for a client to take some of its answer
   * @param lingerTimeout how long the rest of a request is still read that was answered before it
   *     had ended
   * @param ejectAfter failures in a row after which an instance gets no requests for a while, if
   *     there are others
   * @param ejectTime for how long at first; twice as long each further time, up to {@code ejectMax}
   * @param trustedProxies addresses and ranges of proxies whose word on their clients is taken
   * @param proxyProtocol whether they say it by the PROXY protocol, rather than in each request
   * @param accessLogKept of the access log, in eight files; at least eight times what may wait for
   *     the disk, which is one write
   */
  public record Router(
      ListenAddresses http,
      ListenAddresses https,
      Duration connectTimeout,
      Duration responseTimeout,
      Duration idleTimeout,
      Duration headerTimeout,
      Duration poolIdle,
      Duration tunnelIdle,
      @AtLeast("0ms") Duration drainTimeout,
      int maxConnections,
      @AtLeast("1KiB") @AtMost("1MiB") DataSize maxHeaders,
      DataSize maxHeld,
      @AtLeast("0B") DataSize minRate,
      Duration sendTimeout,
      @AtLeast("0ms") Duration lingerTimeout,
      int ejectAfter,
      Duration ejectTime,
      Duration ejectMax,
      List<String> trustedProxies,
      boolean proxyProtocol,
      @AtLeast("32MiB") DataSize accessLogKept) {
    public Router {
      trustedProxies = List.copyOf(trustedProxies);
      BadSetting.listensApart("router.http", http, "router.https", https);
      BadSetting.inOrder("router.eject-time", ejectTime, "router.eject-max", ejectMax);
    }
  }

  /**
   * Terminals, and the commands that run in them.
   *
   * @param atOnce that one user has open
   * @param forwards connections to ports of instances that one user has at once
   * @param ping how often a silent client is asked whether it is there; one that leaves three in a
   *     row unanswered is gone
   * @param unattended how long a command goes on whose client has vanished, unless somebody
   *     attaches to it
   * @param abandoned the same for one without a terminal whose client has closed the connection
   */
  public record Terminals(
      int atOnce,
      int forwards,
      Duration ping,
      @AtLeast("1s") Duration unattended,
      @AtLeast("0s") Duration abandoned) {}

  /**
   * What a build may use.
   *
   * @param disk what one step may write, its caches included; a file counts as 16 KiB at least
   * @param maxFiles how many names one step may make: each further hard link of a file is one more
   * @param maxNameBytes what these names may come to; they are in the runtime's memory while the
   *     step becomes a layer
   * @param maxDirectory how many names one directory may have
   * @param maxAttributes what the extended attributes of one file may come to
   * @param timeout for a build, not counting its wait for a turn
   * @param concurrent builds at once; further ones wait
   * @param ceiling builds at once that paas-runtimed takes whatever it is asked, or twice {@code
   *     concurrent} when that is more
   * @param maxDownload of a file that ADD names by its address
   * @param downloadTimeout for all of such a file
   * @param privateRegistries whether Dockerfiles may name registries, and files to download, at
   *     private addresses
   */
  public record Build(
      String stack,
      DataSize memory,
      int cpuMillis,
      int pids,
      DataSize disk,
      int maxFiles,
      DataSize maxNameBytes,
      int maxDirectory,
      DataSize maxAttributes,
      Duration timeout,
      int concurrent,
      int ceiling,
      DataSize maxSource,
      int maxSourceFiles,
      DataSize maxDownload,
      Duration downloadTimeout,
      boolean privateRegistries) {}

  /**
   * How large the files may be that say how an app is built. They are read in paasd when a push
   * arrives, so each number and each sum that they can grow has a bound.
   *
   * @param atOnce pushes whose files are read at once; further ones wait for theirs
   * @param fetchesAtOnce builds whose base images are fetched at once; they need no place to build
   * @param fetchedKept images that are kept of those fetched for one user's builds
   * @param maxFile of a Dockerfile, Procfile, package.json, Staticfile or ignore file
   * @param maxInstructions of a Dockerfile
   * @param maxStages of a Dockerfile
   * @param maxWords of all instructions of a Dockerfile that are read word by word
   * @param maxMistakes of a Dockerfile that are told at once
   * @param maxEntries words of one instruction; variables, labels, ports and volumes of an image
   * @param maxConfig variables, labels, ports, volumes and commands of an image, together
   * @param maxExpanded what replacing variables may produce in one Dockerfile, together
   * @param maxGraph the build's steps with their variables and commands, together
   * @param maxPatterns lines of an ignore file
   * @param maxProcesses lines of a Procfile
   */
  public record Planning(
      int atOnce,
      int fetchesAtOnce,
      int fetchedKept,
      DataSize maxFile,
      int maxInstructions,
      int maxStages,
      int maxWords,
      int maxMistakes,
      int maxEntries,
      DataSize maxConfig,
      DataSize maxExpanded,
      DataSize maxGraph,
      int maxPatterns,
      int maxProcesses) {}

  /**
   * How releases are rolled out.
   *
   * @param destroyTimeout for the runtime to remove all of an app, after the stop-grace; it is
   *     tried again
   */
  public record Deploy(
      Duration bootTimeout,
      int startTries,
      @AtLeast("0ms") Duration stopGrace,
      int maxInstances,
      int releasesKept,
      @AtLeast("0ms") Duration drainTimeout,
      Duration destroyTimeout) {}

  /**
   * What is remembered of who did what.
   *
   * @param kept how long
   * @param maxRows how much; beyond it, the oldest of the user with the most is forgotten first
   * @param refusalsApart of refused tokens, keys and repositories, how many addresses and kinds are
   *     told apart in a minute
   */
  public record Audit(Duration kept, int maxRows, int refusalsApart) {}

  /**
   * What a user who is no admin may take, unless an admin gives them more or less.
   *
   * @param instances that are wanted, of all their apps
   * @param memory that these may use
   * @param builds that run or wait
   * @param runs one-off runs at once
   * @param disk for their repositories, the layers of their images and what their instances write
   */
  public record Quota(
      int apps, int instances, DataSize memory, int builds, int runs, DataSize disk) {}
}
