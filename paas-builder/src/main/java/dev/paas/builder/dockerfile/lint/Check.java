package dev.paas.builder.dockerfile.lint;

/** Docker's build checks, by the names that its reference gives them ("Build checks"). */
public enum Check {
  STAGE_NAME_CASING("StageNameCasing", "the name of a stage has capital letters"),
  FROM_AS_CASING("FromAsCasing", "`FROM` and `AS` are written in different case"),
  NO_EMPTY_CONTINUATION("NoEmptyContinuation", "an empty line among continued ones"),
  CONSISTENT_INSTRUCTION_CASING(
      "ConsistentInstructionCasing", "instructions in different case than most of the file"),
  DUPLICATE_STAGE_NAME("DuplicateStageName", "two stages of one name"),
  RESERVED_STAGE_NAME("ReservedStageName", "a stage called `scratch` or `context`"),
  JSON_ARGS_RECOMMENDED("JSONArgsRecommended", "`CMD` or `ENTRYPOINT` in the shell form"),
  MAINTAINER_DEPRECATED("MaintainerDeprecated", "`MAINTAINER`"),
  UNDEFINED_ARG_IN_FROM("UndefinedArgInFrom", "`FROM` uses an argument that is not declared"),
  UNDEFINED_VAR("UndefinedVar", "a variable is used and nothing sets it"),
  WORKDIR_RELATIVE_PATH(
      "WorkdirRelativePath", "a relative `WORKDIR` before there is an absolute one"),
  MULTIPLE_INSTRUCTIONS_DISALLOWED(
      "MultipleInstructionsDisallowed",
      "a second `CMD`, `ENTRYPOINT` or `HEALTHCHECK` in one stage"),
  LEGACY_KEY_VALUE_FORMAT("LegacyKeyValueFormat", "`ENV` or `LABEL` without an equals sign"),
  REDUNDANT_TARGET_PLATFORM("RedundantTargetPlatform", "`FROM --platform=$TARGETPLATFORM`"),
  FROM_PLATFORM_FLAG_CONST_DISALLOWED(
      "FromPlatformFlagConstDisallowed", "`FROM --platform` with a fixed value"),
  SECRETS_USED_IN_ARG_OR_ENV("SecretsUsedInArgOrEnv", "a name like that of a secret"),
  INVALID_DEFAULT_ARG_IN_FROM(
      "InvalidDefaultArgInFrom", "the defaults of arguments make no name of an image"),
  EXPOSE_PROTO_CASING("ExposeProtoCasing", "the protocol of a port has capital letters"),
  EXPOSE_INVALID_FORMAT(
      "ExposeInvalidFormat", "`EXPOSE` with an address or a port of the host, which mean nothing"),
  COPY_IGNORED_FILE("CopyIgnoredFile", "a source is named in `.dockerignore`", true),
  INVALID_DEFINITION_DESCRIPTION(
      "InvalidDefinitionDescription",
      "the comment above an argument or a stage does not begin with its name",
      true);

  private final String title;
  private final String finds;
  private final boolean experimental;

  Check(String title, String finds) {
    this(title, finds, false);
  }

  Check(String title, String finds, boolean experimental) {
    this.title = title;
    this.finds = finds;
    this.experimental = experimental;
  }

  /** As {@code # check=skip=…} names it. */
  public String title() {
    return title;
  }

  /** What it reports, for the documentation. */
  public String finds() {
    return finds;
  }

  /** Off unless {@code # check=experimental=…} names it. */
  public boolean isExperimental() {
    return experimental;
  }
}
