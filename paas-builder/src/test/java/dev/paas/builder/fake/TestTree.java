package dev.paas.builder.fake;

import dev.paas.builder.source.GitTree;
import dev.paas.builder.source.SourceTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheBuilder;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.internal.storage.dfs.DfsRepositoryDescription;
import org.eclipse.jgit.internal.storage.dfs.InMemoryRepository;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;

/** Builds real git trees in memory. */
public final class TestTree {

  private final Map<String, DirCacheEntry> entries = new TreeMap<>();
  private final InMemoryRepository repository =
      new InMemoryRepository(new DfsRepositoryDescription("test"));

  /** One for all files: each flush makes a pack, which the cache of the process keeps for long. */
  private final ObjectInserter inserter = repository.newObjectInserter();

  /** A tree of plain files: path, text, path, text, … */
  public static SourceTree of(String... pathsAndTexts) {
    TestTree tree = new TestTree();
    for (int i = 0; i < pathsAndTexts.length; i += 2) {
      tree.file(pathsAndTexts[i], pathsAndTexts[i + 1]);
    }
    return tree.build();
  }

  public TestTree file(String path, String text) {
    return entry(path, FileMode.REGULAR_FILE, text.getBytes(StandardCharsets.UTF_8));
  }

  public TestTree file(String path, byte[] bytes) {
    return entry(path, FileMode.REGULAR_FILE, bytes);
  }

  public TestTree executable(String path, String text) {
    return entry(path, FileMode.EXECUTABLE_FILE, text.getBytes(StandardCharsets.UTF_8));
  }

  public TestTree link(String path, String target) {
    return entry(path, FileMode.SYMLINK, target.getBytes(StandardCharsets.UTF_8));
  }

  public TestTree submodule(String path) {
    DirCacheEntry entry = new DirCacheEntry(path);
    entry.setFileMode(FileMode.GITLINK);
    entry.setObjectId(ObjectId.fromString("1".repeat(40)));
    entries.put(path, entry);
    return this;
  }

  private TestTree entry(String path, FileMode mode, byte[] bytes) {
    try {
      DirCacheEntry entry = new DirCacheEntry(path);
      entry.setFileMode(mode);
      entry.setObjectId(inserter.insert(Constants.OBJ_BLOB, bytes));
      entries.put(path, entry);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Once: what was added becomes readable. */
  public SourceTree build() {
    try (inserter) {
      DirCacheBuilder builder = DirCache.newInCore().builder();
      entries.values().forEach(builder::add);
      builder.finish();
      ObjectId tree = builder.getDirCache().writeTree(inserter);
      inserter.flush();
      return GitTree.of(repository, tree);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
