package dev.paas.cli;

import dev.paas.cli.access.AddKeyCommand;
import dev.paas.cli.access.CreateTokenCommand;
import dev.paas.cli.access.KeysCommand;
import dev.paas.cli.access.LoginCommand;
import dev.paas.cli.access.LogoutCommand;
import dev.paas.cli.access.RemoveKeyCommand;
import dev.paas.cli.access.RevokeTokenCommand;
import dev.paas.cli.access.TokensCommand;
import dev.paas.cli.access.WhoamiCommand;
import dev.paas.cli.app.AppsCommand;
import dev.paas.cli.app.CreateCommand;
import dev.paas.cli.app.DestroyCommand;
import dev.paas.cli.app.GitRemoteCommand;
import dev.paas.cli.app.InfoCommand;
import dev.paas.cli.app.OpenCommand;
import dev.paas.cli.build.BuildCacheCommand;
import dev.paas.cli.build.BuildSettingsCommand;
import dev.paas.cli.build.SetBuildCommand;
import dev.paas.cli.build.UnsetBuildCommand;
import dev.paas.cli.certificate.AddCertificateCommand;
import dev.paas.cli.certificate.CertificatesCommand;
import dev.paas.cli.certificate.RemoveCertificateCommand;
import dev.paas.cli.command.ApiCommand;
import dev.paas.cli.config.ConfigCommand;
import dev.paas.cli.config.GetCommand;
import dev.paas.cli.config.SetCommand;
import dev.paas.cli.config.UnsetCommand;
import dev.paas.cli.deploy.DeployCommand;
import dev.paas.cli.deploy.RedeployCommand;
import dev.paas.cli.domain.AddDomainCommand;
import dev.paas.cli.domain.ApproveDomainCommand;
import dev.paas.cli.domain.DomainsCommand;
import dev.paas.cli.domain.RemoveDomainCommand;
import dev.paas.cli.host.AuditCommand;
import dev.paas.cli.host.CompletionCommand;
import dev.paas.cli.host.DoctorCommand;
import dev.paas.cli.host.QuotaCommand;
import dev.paas.cli.host.VersionCommand;
import dev.paas.cli.image.HistoryCommand;
import dev.paas.cli.image.ImagesCommand;
import dev.paas.cli.image.ImportCommand;
import dev.paas.cli.image.InspectCommand;
import dev.paas.cli.image.LoadCommand;
import dev.paas.cli.image.PruneCommand;
import dev.paas.cli.image.PullCommand;
import dev.paas.cli.image.PushCommand;
import dev.paas.cli.image.RemoveImageCommand;
import dev.paas.cli.image.SaveCommand;
import dev.paas.cli.image.TagCommand;
import dev.paas.cli.logs.LogsCommand;
import dev.paas.cli.ps.PsCommand;
import dev.paas.cli.ps.RestartCommand;
import dev.paas.cli.ps.ScaleCommand;
import dev.paas.cli.ps.StartCommand;
import dev.paas.cli.ps.StopCommand;
import dev.paas.cli.registry.RegistriesCommand;
import dev.paas.cli.registry.RegistryLoginCommand;
import dev.paas.cli.registry.RegistryLogoutCommand;
import dev.paas.cli.release.BuildOutputCommand;
import dev.paas.cli.release.BuildsCommand;
import dev.paas.cli.release.CancelBuildCommand;
import dev.paas.cli.release.ReleaseCommand;
import dev.paas.cli.release.ReleasesCommand;
import dev.paas.cli.release.RollbackCommand;
import dev.paas.cli.run.AttachCommand;
import dev.paas.cli.run.CopyCommand;
import dev.paas.cli.run.ExecCommand;
import dev.paas.cli.run.ForwardCommand;
import dev.paas.cli.run.RunCommand;
import dev.paas.cli.run.RunLogsCommand;
import dev.paas.cli.run.RunsCommand;
import dev.paas.cli.run.StopRunCommand;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Every command with its names. A name of two words is also understood with a colon between them;
 * only the command that was meant is built, so that the others cost no start-up time.
 */
@SuppressWarnings("ImmutableEnumChecker") // List.of is immutable; it can't know
enum Catalog {
  CREATE("create NAME", "create an app", "create", "apps create"),
  APPS("apps", "list your apps", "apps", "apps list"),
  INFO("info", "show an app", "info", "apps info"),
  DESTROY("destroy", "remove an app", "destroy", "apps destroy"),
  OPEN("open", "open an app in a browser", "open", "apps open"),
  GIT_REMOTE("git:remote", "set the git remote paas", "git remote"),
  DEPLOY("deploy [FOLDER|TAR|-]", "deploy files without git", "deploy"),
  REDEPLOY("redeploy", "build the last version again", "redeploy"),
  PS("ps", "list instances", "ps", "ps list"),
  SCALE("scale web=4", "scale process types", "scale", "ps scale"),
  STOP("ps:stop [TYPE]", "stop instances", "ps stop", "stop"),
  START("ps:start [TYPE]", "start what was stopped", "ps start", "start"),
  RESTART("restart [TYPE[.N]]", "restart without downtime", "restart", "ps restart"),
  LOGS("logs [-f]", "show the app's log", "logs"),
  RUN("run -- COMMAND", "run a command once", "run"),
  RUN_LIST("run:list", "list commands that run", "run list"),
  RUN_ATTACH("run:attach ID", "attach to one", "run attach"),
  RUN_LOGS("run:logs ID", "show what one printed", "run logs"),
  RUN_STOP("run:stop ID", "end one", "run stop"),
  EXEC("exec [web.1] [-- COMMAND]", "run one inside an instance", "exec", "ps exec"),
  CP("cp FROM TO", "copy files in or out", "cp", "ps cp"),
  FORWARD("forward [LOCAL:]PORT [web.1]", "reach a port of one", "forward", "ps forward"),
  CONFIG("config", "show config vars", "config", "config list"),
  CONFIG_GET("config:get NAME", "print one", "config get"),
  CONFIG_SET("config:set NAME=VALUE", "set some", "config set"),
  CONFIG_UNSET("config:unset NAME", "remove some", "config unset"),
  RELEASES("releases", "list releases", "releases", "releases list"),
  RELEASE("releases:info vN", "show one", "releases info"),
  ROLLBACK("rollback [vN]", "go back to a release", "rollback"),
  BUILD("build", "show how the app is built", "build"),
  BUILD_SET("build:set NAME=VALUE", "set folder, Dockerfile, stage", "build set"),
  BUILD_UNSET("build:unset NAME", "leave one to the platform", "build unset"),
  BUILDS("builds", "list builds", "builds", "builds list"),
  BUILD_OUTPUT("builds:output ID", "show what one printed", "builds output"),
  BUILD_CANCEL("builds:cancel [ID]", "end one", "builds cancel"),
  BUILD_CACHE("builds:cache", "show what makes builds faster", "builds cache"),
  DOMAINS("domains", "list host names", "domains", "domains list"),
  DOMAIN_ADD("domains:add HOST", "add one", "domains add"),
  DOMAIN_APPROVE("domains:approve HOST", "say that one is the app's", "domains approve"),
  DOMAIN_REMOVE("domains:remove HOST", "remove one", "domains remove"),
  CERTS("certs", "show HTTPS and certificates", "certs", "certs list"),
  CERT_ADD("certs:add CHAIN KEY", "add one", "certs add"),
  CERT_REMOVE("certs:remove CERTIFICATE", "remove one", "certs remove"),
  KEYS("keys", "list your SSH keys", "keys", "keys list"),
  KEY_ADD("keys:add NAME [FILE]", "add one", "keys add"),
  KEY_REMOVE("keys:remove NAME", "remove one", "keys remove"),
  TOKENS("tokens", "list your API tokens", "tokens", "tokens list"),
  TOKEN_CREATE("tokens:create NAME", "make one", "tokens create"),
  TOKEN_REVOKE("tokens:revoke NAME", "revoke one", "tokens revoke"),
  LOGIN("login URL", "keep a platform's address and token", "login"),
  LOGOUT("logout", "forget them", "logout"),
  WHOAMI("whoami", "show who you are", "whoami"),
  IMAGES("image ls", "list images", "image ls", "image", "image list"),
  IMAGE_PULL("image pull REF", "pull from a registry", "image pull"),
  IMAGE_IMPORT("image import FILE", "import one from a tar", "image import"),
  IMAGE_LOAD("image load", "load an archive of images", "image load"),
  IMAGE_SAVE("image save REF", "write one as an archive", "image save"),
  IMAGE_TAG("image tag REF NAME", "give one a name", "image tag"),
  IMAGE_INSPECT("image inspect REF", "show one", "image inspect"),
  IMAGE_HISTORY("image history REF", "show how one was made", "image history"),
  IMAGE_PUSH("image push REF", "push to a registry", "image push"),
  IMAGE_RM("image rm REF", "remove one", "image rm", "image remove"),
  IMAGE_PRUNE("image prune", "remove those pulled for runs", "image prune"),
  REGISTRY_LOGIN("registry:login HOST", "keep a login for a registry", "registry login"),
  REGISTRY_LOGOUT("registry:logout HOST", "forget one", "registry logout"),
  REGISTRIES("registry:list", "list logins", "registry list"),
  AUDIT("audit", "show who did what", "audit"),
  QUOTA("quota", "show or set what a user may take", "quota"),
  DOCTOR("doctor", "check the platform", "doctor"),
  VERSION("version", "show versions", "version"),
  COMPLETION("completion", "complete names in bash", "completion");

  /** As many edits as a slip of the hand makes. */
  private static final int SLIP = 2;

  private final String usage;
  private final String summary;
  private final List<String> aliases;

  Catalog(String usage, String summary, String... aliases) {
    this.usage = usage;
    this.summary = summary;
    this.aliases = List.of(aliases);
  }

  /** What stands above this one in the list of commands: it is the first of its group. */
  Optional<String> heading() {
    return switch (this) {
      case CREATE -> Optional.of("Apps");
      case PS -> Optional.of("Processes and logs");
      case RUN -> Optional.of("Commands");
      case CONFIG -> Optional.of("Config vars");
      case RELEASES -> Optional.of("Releases and builds");
      case DOMAINS -> Optional.of("Domains and HTTPS");
      case KEYS -> Optional.of("Access");
      case IMAGES -> Optional.of("Images");
      case AUDIT -> Optional.of("The platform");
      default -> Optional.empty();
    };
  }

  /** The command that the first word, or the first two, name. */
  static Optional<Catalog> named(String words) {
    String name = words.replace(':', ' ');
    for (Catalog entry : values()) {
      if (entry.aliases.contains(name)) {
        return Optional.of(entry);
      }
    }
    return Optional.empty();
  }

  /** The name that was probably meant. */
  static Optional<String> nearest(String word) {
    return names().stream()
        .filter(name -> distance(word, name) <= SLIP)
        .min(Comparator.comparingInt(name -> distance(word, name)));
  }

  /** Every name in its form with a colon. */
  static List<String> names() {
    return Arrays.stream(values())
        .flatMap(entry -> entry.aliases.stream())
        .map(alias -> alias.startsWith("image ") ? alias : alias.replace(' ', ':'))
        .flatMap(alias -> Stream.of(alias.split(" ")[0]))
        .distinct()
        .sorted()
        .toList();
  }

  /** The command itself; not a field, because thirty suppliers would be made to use one. */
  ApiCommand build() {
    return switch (this) {
      case CREATE -> new CreateCommand();
      case APPS -> new AppsCommand();
      case INFO -> new InfoCommand();
      case DESTROY -> new DestroyCommand();
      case OPEN -> new OpenCommand();
      case GIT_REMOTE -> new GitRemoteCommand();
      case PS, SCALE, STOP, START, RESTART -> buildPs();
      case LOGS -> new LogsCommand();
      case RUN, RUN_LIST, RUN_ATTACH, RUN_LOGS, RUN_STOP, EXEC, CP, FORWARD -> buildRun();
      case CONFIG -> new ConfigCommand();
      case CONFIG_GET -> new GetCommand();
      case CONFIG_SET -> new SetCommand();
      case CONFIG_UNSET -> new UnsetCommand();
      case RELEASES -> new ReleasesCommand();
      case RELEASE -> new ReleaseCommand();
      case ROLLBACK -> new RollbackCommand();
      case DEPLOY,
          REDEPLOY,
          BUILD,
          BUILD_SET,
          BUILD_UNSET,
          BUILDS,
          BUILD_OUTPUT,
          BUILD_CANCEL,
          BUILD_CACHE ->
          buildBuild();
      case DOMAINS, DOMAIN_ADD, DOMAIN_APPROVE, DOMAIN_REMOVE, CERTS, CERT_ADD, CERT_REMOVE ->
          buildDomain();
      case KEYS, KEY_ADD, KEY_REMOVE, TOKENS, TOKEN_CREATE, TOKEN_REVOKE -> buildAccess();
      case LOGIN, LOGOUT, WHOAMI -> buildLogin();
      case AUDIT -> new AuditCommand();
      case QUOTA -> new QuotaCommand();
      case DOCTOR -> new DoctorCommand();
      case VERSION -> new VersionCommand();
      case COMPLETION -> new CompletionCommand(names());
      default -> buildImage();
    };
  }

  private ApiCommand buildPs() {
    return switch (this) {
      case SCALE -> new ScaleCommand();
      case STOP -> new StopCommand();
      case START -> new StartCommand();
      case RESTART -> new RestartCommand();
      default -> new PsCommand();
    };
  }

  private ApiCommand buildDomain() {
    return switch (this) {
      case DOMAIN_ADD -> new AddDomainCommand();
      case DOMAIN_APPROVE -> new ApproveDomainCommand();
      case DOMAIN_REMOVE -> new RemoveDomainCommand();
      case CERTS -> new CertificatesCommand();
      case CERT_ADD -> new AddCertificateCommand();
      case CERT_REMOVE -> new RemoveCertificateCommand();
      default -> new DomainsCommand();
    };
  }

  private ApiCommand buildAccess() {
    return switch (this) {
      case KEY_ADD -> new AddKeyCommand();
      case KEY_REMOVE -> new RemoveKeyCommand();
      case TOKENS -> new TokensCommand();
      case TOKEN_CREATE -> new CreateTokenCommand();
      case TOKEN_REVOKE -> new RevokeTokenCommand();
      default -> new KeysCommand();
    };
  }

  private ApiCommand buildLogin() {
    return switch (this) {
      case LOGOUT -> new LogoutCommand();
      case WHOAMI -> new WhoamiCommand();
      default -> new LoginCommand();
    };
  }

  private ApiCommand buildBuild() {
    return switch (this) {
      case DEPLOY -> new DeployCommand();
      case REDEPLOY -> new RedeployCommand();
      case BUILD -> new BuildSettingsCommand();
      case BUILD_SET -> new SetBuildCommand();
      case BUILD_UNSET -> new UnsetBuildCommand();
      case BUILD_OUTPUT -> new BuildOutputCommand();
      case BUILD_CANCEL -> new CancelBuildCommand();
      case BUILD_CACHE -> new BuildCacheCommand();
      default -> new BuildsCommand();
    };
  }

  private ApiCommand buildRun() {
    return switch (this) {
      case RUN_LIST -> new RunsCommand();
      case RUN_ATTACH -> new AttachCommand();
      case RUN_LOGS -> new RunLogsCommand();
      case RUN_STOP -> new StopRunCommand();
      case EXEC -> new ExecCommand();
      case CP -> new CopyCommand();
      case FORWARD -> new ForwardCommand();
      default -> new RunCommand();
    };
  }

  private ApiCommand buildImage() {
    return switch (this) {
      case IMAGE_PULL -> new PullCommand();
      case IMAGE_IMPORT -> new ImportCommand();
      case IMAGE_LOAD -> new LoadCommand();
      case IMAGE_SAVE -> new SaveCommand();
      case IMAGE_TAG -> new TagCommand();
      case IMAGE_INSPECT -> new InspectCommand();
      case IMAGE_HISTORY -> new HistoryCommand();
      case IMAGE_PUSH -> new PushCommand();
      case IMAGE_PRUNE -> new PruneCommand();
      case REGISTRY_LOGIN -> new RegistryLoginCommand();
      case REGISTRY_LOGOUT -> new RegistryLogoutCommand();
      case REGISTRIES -> new RegistriesCommand();
      case IMAGE_RM -> new RemoveImageCommand();
      default -> new ImagesCommand();
    };
  }

  String canonical() {
    return this == IMAGES || usage.startsWith("image ")
        ? aliases.get(0)
        : aliases.get(0).replace(' ', ':');
  }

  String usage() {
    return usage;
  }

  String summary() {
    return summary;
  }

  /** Levenshtein's distance. */
  private static int distance(String a, String b) {
    int[] above = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(change, Math.min(row[j - 1], above[j]) + 1);
      }
      above = row;
    }
    return above[b.length()];
  }
}
