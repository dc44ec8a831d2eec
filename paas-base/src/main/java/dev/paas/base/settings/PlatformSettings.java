package dev.paas.base.settings;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The one settings file of a platform ({@code /etc/paas/paas.toml}), read by all three daemons.
 * Every limit of the platform is here with its unit; docs/settings.md says what each is for.
 */
public record PlatformSettings(
    Platform platform,
    Api api,
    Ssh ssh,
    Router router,
    Instances runtime,
    Build build,
    Planning planning,
    Deploy deploy,
    Audit audit,
    Domains domains,
    Quota quota) {

  /** What a fresh host gets. */
  public static final PlatformSettings DEFAULTS =
      new PlatformSettings(
          Platform.DEFAULTS,
          Api.DEFAULTS,
          Ssh.DEFAULTS,
          Router.DEFAULTS,
          Instances.DEFAULTS,
          Build.DEFAULTS,
          Planning.DEFAULTS,
          Deploy.DEFAULTS,
          Audit.DEFAULTS,
          Domains.DEFAULTS,
          Quota.DEFAULTS);

  /** The file named by {@code PAAS_CONFIG}, or {@code /etc/paas/paas.toml}. */
  public static PlatformSettings load() {
    String named = System.getenv("PAAS_CONFIG");
    return Settings.load(Path.of(named == null ? "/etc/paas/paas.toml" : named), DEFAULTS);
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
      DataSize diskReserve) {
    private static final Pattern ID = Pattern.compile("[a-z][a-z0-9]{0,7}");
    static final Platform DEFAULTS =
        new Platform(
            "paas",
            "localhost",
            Path.of("/var/lib/paas"),
            Path.of("/run/paas"),
            "paas",
            "paas-router",
            DataSize.ofMebibytes(1024));

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
   * @param listen a loopback address and a port
   * @param maxBody largest JSON body
   * @param maxImport largest root filesystem that may be uploaded
   * @param maxConnections connections at once; further ones are closed
   * @param maxLogReaders logs that one user reads at once
   * @param idempotencyKept how long the answer to a write with an Idempotency-Key is kept
   * @param faultPoints obey {@code PAAS_FAULT} and the file {@code <run>/api/fault}; for tests only
   */
  public record Api(
      String listen,
      DataSize maxBody,
      DataSize maxImport,
      int maxConnections,
      int maxLogReaders,
      Duration idempotencyKept,
      boolean faultPoints) {
    static final Api DEFAULTS =
        new Api(
            "127.0.0.1:7410",
            DataSize.ofMebibytes(1),
            DataSize.ofMebibytes(8192),
            512,
            32,
            Duration.ofHours(24),
            false);
  }

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
      String listen,
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
    static final Ssh DEFAULTS =
        new Ssh(
            "0.0.0.0:2222",
            64,
            32,
            Duration.ofSeconds(20),
            6,
            Duration.ofMinutes(10),
            DataSize.ofMebibytes(512),
            DataSize.ofMebibytes(128),
            2000,
            DataSize.ofMebibytes(8192),
            DataSize.ofMebibytes(128));

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
   * @param http where it listens
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
   */
  public record Router(
      String http,
      Duration connectTimeout,
      Duration responseTimeout,
      Duration idleTimeout,
      Duration headerTimeout,
      Duration poolIdle,
      Duration tunnelIdle,
      Duration drainTimeout,
      int maxConnections,
      DataSize maxHeaders,
      DataSize maxHeld,
      DataSize minRate,
      Duration sendTimeout,
      Duration lingerTimeout,
      int ejectAfter,
      Duration ejectTime,
      Duration ejectMax,
      List<String> trustedProxies,
      boolean proxyProtocol) {
    static final Router DEFAULTS =
        new Router(
            "0.0.0.0:80",
            Duration.ofSeconds(5),
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            Duration.ofSeconds(10),
            Duration.ofSeconds(4),
            Duration.ofHours(1),
            Duration.ofSeconds(30),
            10_000,
            new DataSize(64 << 10),
            DataSize.ofMebibytes(16),
            new DataSize(128),
            Duration.ofSeconds(60),
            Duration.ofSeconds(30),
            3,
            Duration.ofSeconds(1),
            Duration.ofSeconds(30),
            List.of(),
            false);
  }

  /**
   * Instances and their isolation.
   *
   * @param network addresses of instances, an IPv4 range between /16 and /24; the first address is
   *     the gateway
   * @param uidBase first host uid of the ranges that apps get
   * @param uidRanges how many ranges of 65,536 ids there are: one an app
   * @param disk what one instance may write to its root filesystem; a file counts as 16 KiB at
   *     least
   * @param maxFiles how many names it may make there: each further hard link of a file is one more
   * @param ptys terminals of one instance, of the host's kernel.pty.max
   * @param connections of one instance in the host's table of connections
   * @param oneOffs one-off runs at once
   * @param oneOffsKeptFree places of these that only a user without a run gets
   * @param settle what a process without a port must live through before it counts as running
   * @param sweepInterval how often what belongs to no instance is looked for and removed
   * @param trustHostCertificates give the host's certificate authorities and proxy variables to
   *     builds
   */
  public record Instances(
      String network,
      long uidBase,
      int uidRanges,
      DataSize memory,
      int cpuMillis,
      int pids,
      DataSize tmp,
      DataSize shm,
      DataSize disk,
      int maxFiles,
      DataSize logKept,
      int ptys,
      int connections,
      int oneOffs,
      int oneOffsKeptFree,
      Duration restartBackoffMin,
      Duration restartBackoffMax,
      Duration settle,
      Duration sweepInterval,
      boolean trustHostCertificates) {
    static final Instances DEFAULTS =
        new Instances(
            "10.214.0.0/16",
            1_000_000_000L,
            4096,
            DataSize.ofMebibytes(512),
            1000,
            512,
            DataSize.ofMebibytes(64),
            DataSize.ofMebibytes(64),
            DataSize.ofMebibytes(4096),
            1_000_000,
            DataSize.ofMebibytes(10),
            32,
            4096,
            64,
            16,
            Duration.ofMillis(500),
            Duration.ofMinutes(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(15),
            true);
  }

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
   * @param privateRegistries whether Dockerfiles may name registries at private addresses
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
      boolean privateRegistries) {
    static final Build DEFAULTS =
        new Build(
            "paas/stack:latest",
            DataSize.ofMebibytes(2048),
            2000,
            2048,
            DataSize.ofMebibytes(10_240),
            1_000_000,
            DataSize.ofMebibytes(128),
            200_000,
            new DataSize(256 << 10),
            Duration.ofMinutes(15),
            2,
            16,
            DataSize.ofMebibytes(1024),
            200_000,
            false);
  }

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
      int maxEntries,
      DataSize maxConfig,
      DataSize maxExpanded,
      DataSize maxGraph,
      int maxPatterns,
      int maxProcesses) {
    public static final Planning DEFAULTS =
        new Planning(
            2,
            4,
            100,
            DataSize.ofMebibytes(1),
            2000,
            100,
            20_000,
            1024,
            new DataSize(256 << 10),
            DataSize.ofMebibytes(8),
            DataSize.ofMebibytes(3),
            1000,
            100);
  }

  /**
   * How releases are rolled out.
   *
   * @param destroyTimeout for the runtime to remove all of an app, after the stop-grace; it is
   *     tried again
   */
  public record Deploy(
      Duration bootTimeout,
      int startTries,
      Duration stopGrace,
      int maxInstances,
      int releasesKept,
      Duration drainTimeout,
      Duration destroyTimeout) {
    static final Deploy DEFAULTS =
        new Deploy(
            Duration.ofSeconds(60),
            3,
            Duration.ofSeconds(10),
            100,
            10,
            Duration.ofSeconds(30),
            Duration.ofSeconds(80));
  }

  /**
   * What is remembered of who did what.
   *
   * @param kept how long
   * @param maxRows how much; beyond it, the oldest of the user with the most is forgotten first
   * @param refusalsApart of refused tokens, keys and repositories, how many addresses and kinds are
   *     told apart in a minute
   */
  public record Audit(Duration kept, int maxRows, int refusalsApart) {
    static final Audit DEFAULTS = new Audit(Duration.ofDays(400), 1_000_000, 200);
  }

  /**
   * Hosts that people add to apps.
   *
   * @param proof {@code dns}: a host is served when its DNS points here or has the challenge in a
   *     TXT record, or an admin says so; {@code none}: at once
   * @param resolver address and port of the name server to ask; empty for the host's own
   * @param addresses that count as here; when there are none, those of the host's interfaces
   * @param lookupTimeout for one question
   * @param maxPending hosts of an app that are not proved
   * @param checksAtOnce hosts that are looked at beside each other
   * @param checkSoonest the pause between two looks at a host that was claimed just now
   * @param checkLatest the longest pause between two looks
   */
  public record Domains(
      String proof,
      String resolver,
      List<String> addresses,
      Duration lookupTimeout,
      int maxPending,
      int checksAtOnce,
      Duration checkSoonest,
      Duration checkLatest) {
    private static final Pattern ADDRESS =
        Pattern.compile("[0-9]+(\\.[0-9]+){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    private static final Pattern RESOLVER =
        Pattern.compile("|([0-9]+(\\.[0-9]+){3}|\\[[0-9a-fA-F:.]+\\]):[0-9]{1,5}");

    static final Domains DEFAULTS =
        new Domains(
            "dns",
            "",
            List.of(),
            Duration.ofSeconds(3),
            20,
            4,
            Duration.ofSeconds(5),
            Duration.ofHours(1));

    public Domains {
      addresses = List.copyOf(addresses);
      if (!RESOLVER.matcher(resolver).matches()) {
        throw bad("resolver", resolver, "Write it like 192.0.2.53:53 or [2001:db8::53]:53.");
      }
      if (!proof.equals("dns") && !proof.equals("none")) {
        throw bad("proof", proof, "Use dns or none.");
      }
      for (String address : addresses) {
        if (!ADDRESS.matcher(address).matches()) {
          throw bad("addresses", address, "Write addresses like 192.0.2.10 or 2001:db8::10.");
        }
      }
    }

    private static RuntimeException bad(String key, String value, String fix) {
      return Problem.of(
              Kind.INVALID,
              "settings.bad-value",
              "The setting domains." + key + " can't have this value",
              value,
              fix)
          .asException();
    }

    public boolean wantsProof() {
      return proof.equals("dns");
    }
  }

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
      int apps, int instances, DataSize memory, int builds, int runs, DataSize disk) {
    static final Quota DEFAULTS =
        new Quota(50, 100, DataSize.ofMebibytes(50 << 10), 50, 16, DataSize.ofMebibytes(50 << 10));
  }
}
