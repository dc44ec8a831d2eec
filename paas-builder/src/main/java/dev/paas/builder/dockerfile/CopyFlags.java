package dev.paas.builder.dockerfile;

import dev.paas.base.name.PathPattern;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.builder.dockerfile.text.Expansion;
import dev.paas.builder.dockerfile.text.Instruction;
import dev.paas.builder.dockerfile.text.Text;
import dev.paas.contract.runtime.CopyOp;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The flags of one COPY or ADD; what concerns the files themselves goes into the operation. */
final class CopyFlags {

  private static final Pattern OCTAL = Pattern.compile("0?[0-7]{1,4}");

  /** Longer than anybody writes one. */
  private static final int MAX_MODE = 100;

  /** Of chmod(1). */
  private static final Pattern SYMBOLIC = Pattern.compile("[ugoa]*([-+=]([ugo]|[rwxXst]*))++");

  private static final Pattern CHECKSUM = Pattern.compile("sha256:[0-9a-f]{64}");

  private final Instruction instruction;
  private final Expansion.Scope scope;
  private final CopyOp.Builder copy;
  private @Nullable Text from;
  private String checksum = "";
  private Optional<Boolean> unpack = Optional.empty();

  private CopyFlags(Instruction instruction, Expansion.Scope scope, CopyOp.Builder copy) {
    this.instruction = instruction;
    this.scope = scope;
    this.copy = copy;
  }

  static CopyFlags of(Instruction instruction, Expansion.Scope scope, CopyOp.Builder copy) {
    CopyFlags flags = new CopyFlags(instruction, scope, copy);
    instruction.flags().forEach(flags::take);
    return flags;
  }

  /** What is copied from; empty for the repository. */
  Optional<Text> from() {
    return Optional.ofNullable(from);
  }

  /** What is downloaded must have it; empty when it is not given. */
  String checksum() {
    return checksum;
  }

  /** Whether archives are unpacked, if that is said. */
  Optional<Boolean> unpack() {
    return unpack;
  }

  private void take(Text flag) {
    int equals = flag.indexOf('=');
    String name = (equals < 0 ? flag : flag.part(0, equals)).toString();
    Text value = flag.from(equals < 0 ? flag.length() : equals + 1);
    switch (name) {
      case "--chown" -> copy.setOwner(Expansion.of(value, scope));
      case "--chmod" -> copy.setMode(mode(value));
      case "--exclude" -> copy.addLeftOut(pattern(value));
      // A layer of its own is what every copy is here: --link asks for nothing more.
      case "--link" -> {
        boolean unused = isSet(flag, value);
      }
      default -> {
        switch (instruction.keyword() + " " + name) {
          case "COPY --from" -> from = value;
          case "COPY --parents" -> copy.setParents(isSet(flag, value));
          case "ADD --checksum" -> checksum = checksum(value);
          case "ADD --unpack" -> unpack = Optional.of(isSet(flag, value));
          default -> throw instruction.unsupported(flag);
        }
      }
    }
  }

  /** A flag alone is true. */
  private static boolean isSet(Text flag, Text value) {
    if (flag.indexOf('=') < 0) {
      return true;
    }
    return switch (value.toString().toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw flag.problem(
              Kind.INVALID,
              "dockerfile.bad-flag",
              "This flag is true or false",
              "Write it alone, or with =false.");
    };
  }

  private String checksum(Text written) {
    String value = Expansion.of(written, scope);
    if (!CHECKSUM.matcher(value).matches()) {
      throw written.problem(
          Kind.INVALID,
          "dockerfile.bad-checksum",
          "This is not a checksum",
          "Write sha256: and the 64 hexadecimal digits that sha256sum prints, in small letters.");
    }
    return value;
  }

  private String pattern(Text written) {
    String word = Expansion.of(written, scope.keeping(PathPattern.SPECIAL));
    String path = scope.bounds().path(ContextPath.clean(word), written);
    PathPattern.mistake(path)
        .ifPresent(
            mistake -> {
              throw badPattern(written, mistake);
            });
    return path;
  }

  static PaasException badPattern(Text written, String mistake) {
    return written.problem(
        Kind.INVALID,
        "dockerfile.bad-pattern",
        mistake,
        "Close the bracket, or write [[] for the character itself.");
  }

  private String mode(Text written) {
    String mode = Expansion.of(written, scope);
    boolean symbolic =
        !mode.isEmpty()
            && mode.length() <= MAX_MODE
            && Arrays.stream(mode.split(",", -1))
                .allMatch(clause -> SYMBOLIC.matcher(clause).matches());
    if (!symbolic && !OCTAL.matcher(mode).matches()) {
      throw written.problem(
          Kind.INVALID,
          "dockerfile.bad-mode",
          "This is not a mode of files",
          "Write it as chmod takes it, e.g. --chmod=755 or --chmod=u=rwX,go=rX.");
    }
    return mode;
  }
}
