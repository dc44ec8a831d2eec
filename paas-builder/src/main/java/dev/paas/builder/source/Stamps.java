package dev.paas.builder.source;

/**
 * Which modification times a tree's files get; never the clock's, so that equal trees are equal.
 */
public enum Stamps {
  /** All the same, so that tools which compare times (make) see nothing as older. */
  FIXED {
    @Override
    long of(SourceTree.Entry entry) {
      return FIXED_TIME;
    }
  },
  /**
   * Made from the content, for servers that derive an ETag from time and size: a changed file of
   * the same size must get another one.
   */
  BY_CONTENT {
    @Override
    long of(SourceTree.Entry entry) {
      return FIXED_TIME + Long.parseLong(entry.content().id().substring(0, 7), 16);
    }
  };

  /** 2000-01-01T00:00:00Z in seconds: not 0, which some archivers refuse. */
  static final long FIXED_TIME = 946_684_800L;

  abstract long of(SourceTree.Entry entry);
}
