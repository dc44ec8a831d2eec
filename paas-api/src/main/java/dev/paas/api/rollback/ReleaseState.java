package dev.paas.api.rollback;

import java.util.Locale;

/** What has become of a release. */
enum ReleaseState {
  /** Its instances are on their way. */
  PENDING,

  /** It serves. */
  CURRENT,

  /** It served before another. */
  SUPERSEDED,

  /** It was made and never served, because its deployment failed. */
  FAILED;

  /** The name in the API. */
  String shown() {
    return name().toLowerCase(Locale.ROOT);
  }
}
