package dev.paas.gitreceiver.receive;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.lib.AnyObjectId;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectChecker;
import org.eclipse.jgit.treewalk.CanonicalTreeParser;
import org.jspecify.annotations.Nullable;

/**
 * JGit's checks, and beyond them every name that some file system takes for {@code .git}: HFS+
 * ignores characters that can't be seen, NTFS ends a name at a colon and knows a second separator
 * (git's own fsck calls them hasDotgit). A clone of the app on such a machine would be harmed.
 */
public final class TreeNames extends ObjectChecker {

  @Override
  public void checkTree(@Nullable AnyObjectId id, byte[] raw) throws CorruptObjectException {
    super.checkTree(id, raw);
    CanonicalTreeParser tree = new CanonicalTreeParser();
    for (tree.reset(raw); !tree.eof(); tree.next(1)) {
      byte[] bytes = new byte[tree.getNameLength()];
      tree.getName(bytes, 0);
      String name = new String(bytes, StandardCharsets.UTF_8);
      if (looksLike(Constants.DOT_GIT, name) || looksLike("git~1", name)) {
        throw new CorruptObjectException("a file named like .git: " + name);
      }
      boolean link = FileMode.SYMLINK.equals(tree.getEntryRawMode());
      if (link && looksLike(Constants.DOT_GIT_MODULES, name)) {
        throw new CorruptObjectException(".gitmodules is a symbolic link");
      }
    }
  }

  private static boolean looksLike(String dangerous, String name) {
    for (String part : name.split("\\\\", -1)) {
      StringBuilder seen = new StringBuilder(part.length());
      part.codePoints()
          .filter(c -> Character.getType(c) != Character.FORMAT)
          .forEach(seen::appendCodePoint);
      int colon = seen.indexOf(":");
      int end = colon < 0 ? seen.length() : colon;
      while (end > 0 && (seen.charAt(end - 1) == ' ' || seen.charAt(end - 1) == '.')) {
        end--;
      }
      if (seen.substring(0, end).toLowerCase(Locale.ROOT).equals(dangerous)) {
        return true;
      }
    }
    return false;
  }
}
