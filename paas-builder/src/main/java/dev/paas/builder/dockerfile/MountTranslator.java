package dev.paas.builder.dockerfile;

import dev.paas.base.name.PathPattern;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.DataSize;
import dev.paas.builder.dockerfile.text.Expansion;
import dev.paas.builder.dockerfile.text.Text;
import dev.paas.builder.plan.BuildOptions;
import dev.paas.contract.runtime.CacheMount;
import dev.paas.contract.runtime.CopyOp;
import dev.paas.contract.runtime.ExecMount;
import dev.paas.contract.runtime.ExecOp;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** {@code RUN --mount}: what a step sees beside its files, and what of it stays. */
final class MountTranslator {

  /** Where a bound file of the repository lies in the root filesystem that is made for it. */
  static final String BOUND = "/bound";

  /** Of one step; the runtime takes no more, because each costs a mount. */
  private static final int MAX_MOUNTS = 32;

  private static final int MAX_MODE = 07777;

  private final StageState state;
  private final Translation translation;
  private final int index;
  private final Expansion.Scope scope;

  MountTranslator(StageState state, Translation translation, int index, Expansion.Scope scope) {
    this.state = state;
    this.translation = translation;
    this.index = index;
    this.scope = scope;
  }

  /**
   * Adds one mount to a step.
   *
   * @param flag {@code --mount=…}
   */
  void add(ExecOp.Builder exec, Text flag) throws IOException {
    translation.mounted(flag);
    room(exec, flag);
    MountOptions options = MountOptions.of(flag.from("--mount=".length()), scope);
    switch (options.type()) {
      case "bind" -> bind(exec, options);
      case "cache" -> cache(exec, options);
      case "tmpfs" -> tmpfs(exec, options);
      case "secret" -> {
        options.allow("id", "source", "target", "required", "mode", "uid", "gid", "env");
        secret(exec, options);
      }
      case "ssh" -> {
        options.allow("id", "target", "required", "mode", "uid", "gid");
        absent(options, "ssh agent", options.get("id").orElse("default"));
      }
      default ->
          throw options.bad(
              "There is no mount of type " + Problem.printable(options.type()),
              "Use bind, cache, tmpfs, secret or ssh.");
    }
  }

  /** Refuses one mount more than a step may have. */
  void room(ExecOp.Builder exec, Text at) {
    if (exec.getMountsCount() + exec.getCachesCount() == MAX_MOUNTS) {
      throw at.problem(
          Kind.INVALID,
          "dockerfile.too-many",
          "There are more than " + MAX_MOUNTS + " mounts in one instruction",
          "Write fewer, or use two steps.");
    }
  }

  /** As BuildKit reads it: a variable alone makes no file, and a target without an id names one. */
  private void secret(ExecOp.Builder exec, MountOptions options) {
    Optional<String> target = options.get("target");
    String id =
        options
            .get("source")
            .or(() -> options.get("id"))
            .or(() -> target.map(path -> path.substring(path.lastIndexOf('/') + 1)))
            .filter(name -> !name.isEmpty())
            .orElseThrow(() -> options.bad("A secret needs an id", "Write e.g. id=NPM_TOKEN."));
    if (!translation.hasSecret(id)) {
      absent(options, "secret", id);
      return;
    }
    ExecMount.Builder mount = ExecMount.newBuilder();
    Optional<String> variable = options.get("env");
    if (target.isPresent()) {
      mount.setTarget(target(options));
    } else if (variable.isEmpty()) {
      mount.setTarget(BuildOptions.SECRETS + "/" + id.substring(id.lastIndexOf('/') + 1));
    }
    if (variable.orElse("").indexOf('=') >= 0) {
      throw options.bad("env is not the name of a variable", "Write e.g. env=NPM_TOKEN.");
    }
    exec.addMounts(
        mount.setSecret(
            ExecMount.Secret.newBuilder()
                .setId(id)
                .setVariable(variable.orElse(""))
                .setOwner(owner(options))
                .setMode(mode(options))));
  }

  /** As in Docker, a step runs without what is not required and not there. */
  private void absent(MountOptions options, String what, String id) {
    String name = what + " " + Problem.printable(id);
    boolean settable = what.equals("secret");
    if (options.is("required")) {
      throw options
          .flag()
          .problem(
              Kind.INVALID,
              "dockerfile.no-secret",
              "This step requires the " + name + ", which this app's builds do not have",
              settable
                  ? "Set it: paas config:set --secret NAME. Or remove required."
                  : "Remove required, and let the step do without it.");
    }
    translation.note(
        options.flag().place()
            + " asks for the "
            + name
            + ", and runs without it: "
            + (settable ? "set it by paas config:set --secret." : "builds have none yet."));
  }

  private static int mode(MountOptions options) {
    int mode = options.number("mode", 8).orElse(0);
    if (mode > MAX_MODE) {
      throw options.bad("mode is not a mode of files", "Write e.g. mode=0755.");
    }
    return mode;
  }

  private static String owner(MountOptions options) {
    return options.number("uid", 10).orElse(0) + ":" + options.number("gid", 10).orElse(0);
  }

  private void cache(ExecOp.Builder exec, MountOptions options) {
    options.allow(
        "id", "target", "readonly", "sharing", "from", "source", "mode", "uid", "gid", "readwrite");
    if (options.is("readonly") && !options.is("readwrite")) {
      translation.note(
          options.flag().place() + " mounts its cache read-only: the step can write to it here.");
    }
    String sharing = options.get("sharing").orElse("shared");
    if (!List.of("shared", "private", "locked").contains(sharing)) {
      throw options.bad("sharing is shared, private or locked", "Write e.g. sharing=locked.");
    }
    if (options.get("from").isPresent()) {
      translation.note(
          options.flag().place() + " fills its cache from another stage: it begins empty here.");
    }
    String target = target(options);
    exec.addCaches(
        CacheMount.newBuilder()
            .setId(options.get("id").orElse(target))
            .setTarget(target)
            .setOwner(owner(options))
            .setMode(mode(options)));
  }

  private void tmpfs(ExecOp.Builder exec, MountOptions options) {
    options.allow("target", "size");
    long bytes;
    try {
      bytes = options.get("size").map(DataSize::parse).map(DataSize::bytes).orElse(0L);
    } catch (PaasException | ArithmeticException notSize) {
      throw options.bad("size of a mount is not a size", "Write e.g. size=64m.");
    }
    exec.addMounts(
        ExecMount.newBuilder()
            .setTarget(target(options))
            .setTmpfs(ExecMount.Tmpfs.newBuilder().setBytes(bytes)));
  }

  private void bind(ExecOp.Builder exec, MountOptions options) throws IOException {
    options.allow("target", "source", "from", "readonly", "readwrite");
    Text flag = options.flag();
    String source = ContextPath.clean(options.get("source").orElse(""));
    translation.bounds().path(source, flag);
    // As in Docker, readonly=false asks for the same as readwrite.
    boolean writable = options.has("readonly") ? !options.is("readonly") : options.is("readwrite");
    ExecMount.Bind.Builder bind = ExecMount.Bind.newBuilder().setWritable(writable);
    Optional<String> from = options.get("from");
    if (from.isPresent()) {
      bind.setFrom(translation.filesOf(flag.meaning(from.get()), index)).setPath("/" + source);
    } else {
      bindRepository(bind, source, flag);
    }
    exec.addMounts(ExecMount.newBuilder().setTarget(target(options)).setBind(bind));
  }

  /** Only what is bound counts for the step's key, so it is copied into a root of its own. */
  private void bindRepository(ExecMount.Bind.Builder bind, String source, Text flag)
      throws IOException {
    boolean isFile = translation.hasFile(source);
    if (!isFile && !source.isEmpty() && !state.hasReadUnknown()) {
      translation.sources().copied(flag, source);
    }
    CopyOp.Builder copy =
        CopyOp.newBuilder()
            .setInput(translation.graph().image("", ""))
            .setFrom(translation.context())
            .addAllExcludes(translation.excludes())
            .addSources(source.isEmpty() ? "." : PathPattern.quote(source))
            .setDestination(isFile ? BOUND + "/" : BOUND);
    String name = source.substring(source.lastIndexOf('/') + 1);
    bind.setFrom(translation.graph().copy("", copy)).setPath(isFile ? BOUND + "/" + name : BOUND);
  }

  private String target(MountOptions options) {
    String written =
        options
            .get("target")
            .orElseThrow(
                () -> options.bad("A mount needs a target", "Write e.g. target=/root/.cache."));
    String target = ContextPath.absolute(state.directory(), written);
    translation.bounds().path(target, options.flag());
    if (target.equals("/")) {
      throw options.bad("A mount can't take the place of the root", "Name a directory in it.");
    }
    return target;
  }
}
