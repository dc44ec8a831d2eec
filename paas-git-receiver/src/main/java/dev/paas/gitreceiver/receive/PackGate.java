package dev.paas.gitreceiver.receive;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.DataSize;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;

/**
 * Reads a pack (gitformat-pack(5)) just before JGit does, and lets nothing through that would make
 * JGit take more heap than there is: JGit makes room for as many objects as the header claims, for
 * commits and trees of any size, and for every delta's base and result.
 */
final class PackGate extends InputStream {

  /**
   * What JGit holds of one object while it stores a pack and checks what is reachable, in bytes.
   */
  private static final int PER_OBJECT = 256;

  /** The largest commit, tree or tag, in bytes: a tree of this size has 200,000 files. */
  private static final long MAX_STRUCTURE = 8 << 20;

  private static final long PACK = 0x5041434bL;

  private enum At {
    HEADER,
    TYPE,
    SIZE,
    BASE_OFFSET,
    BASE_NAME,
    DATA,
    END
  }

  /** The sizes of objects that the repository has; 0 for others. */
  interface Stored {
    long size(ObjectId id) throws IOException;
  }

  private final InputStream in;
  private final DataSize maxPack;
  private final UnpackMemory.Share memory;
  private final Stored stored;
  private final DeltaForest forest = new DeltaForest();
  private final Inflater inflater = new Inflater();
  private final byte[] inflated = new byte[8 << 10];

  private At at = At.HEADER;
  private long position;
  private long received;
  private long header;
  private int headerBytes;
  private long objects;
  private long left;

  // The object that is being read.
  private long start;
  private int type;
  private long size;
  private int shift;
  private long baseDistance;
  private final byte[] baseName = new byte[Constants.OBJECT_ID_LENGTH];
  private int nameBytes;
  private long produced;
  // The two sizes that a delta begins with: of its base, of its result.
  private final long[] deltaSizes = new long[2];
  private int deltaSizesRead;
  private int deltaShift;

  PackGate(InputStream in, DataSize maxPack, UnpackMemory.Share memory, Stored stored) {
    this.in = in;
    this.maxPack = maxPack;
    this.stored = stored;
    this.memory = memory;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    int count = in.read(bytes, from, length);
    received += Math.max(count, 0);
    // JGit's own limit takes a client that pauses there for one that has ended.
    if (received > maxPack.bytes()) {
      throw new PackRefusedException(
          Problem.of(
              Kind.TOO_LARGE,
              "push.too-large",
              "This push is larger than the platform takes",
              "limit " + maxPack,
              "Leave build results and data out of the repository, or raise ssh.max-pack."));
    }
    int end = from + count;
    int i = from;
    while (i < end && at != At.END) {
      i = at == At.DATA ? data(bytes, i, end) : structure(bytes[i] & 0xff, i);
    }
    return count;
  }

  private int structure(int b, int i) throws IOException {
    position++;
    switch (at) {
      case HEADER -> header(b);
      case TYPE -> {
        start = position - 1;
        type = b >> 4 & 7;
        size = b & 15;
        shift = 4;
        sizeRead((b & 0x80) != 0);
      }
      case SIZE -> {
        size |= (b & 0x7fL) << shift;
        shift += 7;
        // The largest setting there can be is far below: no size may become negative.
        if (shift > 49) {
          throw damaged("an object of an impossible size");
        }
        sizeRead((b & 0x80) != 0);
      }
      case BASE_OFFSET -> {
        baseDistance = (baseDistance << 7) + (b & 0x7f);
        if ((b & 0x80) == 0) {
          begin();
        } else if (++baseDistance >= 1L << 48) {
          throw damaged("a delta to nothing");
        }
      }
      case BASE_NAME -> {
        baseName[nameBytes++] = (byte) b;
        if (nameBytes == baseName.length) {
          begin();
        }
      }
      case DATA, END -> throw new IllegalStateException(at.name());
    }
    return i + 1;
  }

  private void header(int b) throws IOException {
    header = header << 8 | b;
    headerBytes++;
    if (headerBytes == 4 && header != PACK) {
      throw damaged("not a pack");
    }
    if (headerBytes == 12) {
      objects = header & 0xffffffffL;
      left = objects;
      memory.need(objects * PER_OBJECT);
      next();
    }
  }

  private void sizeRead(boolean more) throws IOException {
    if (more) {
      at = At.SIZE;
      return;
    }
    switch (type) {
      case Constants.OBJ_OFS_DELTA -> {
        at = At.BASE_OFFSET;
        baseDistance = 0;
      }
      case Constants.OBJ_REF_DELTA -> {
        at = At.BASE_NAME;
        nameBytes = 0;
      }
      default -> {
        if (type < Constants.OBJ_COMMIT || type > Constants.OBJ_TAG) {
          throw damaged("an object of an unknown type");
        }
        begin();
      }
    }
  }

  /** Before JGit sees the last byte of the object's head. */
  private void begin() throws IOException {
    if (type != Constants.OBJ_BLOB && size > MAX_STRUCTURE) {
      throw new PackRefusedException(
          Problem.of(
              Kind.INVALID,
              "push.large-structure",
              "A commit, tree, tag or delta in this push is larger than the platform takes",
              size + " bytes, limit " + MAX_STRUCTURE,
              "Split what it holds, e.g. a folder of very many files; store large files whole with git config"
                  + " core.bigFileThreshold 4m and git repack -adF."));
    }
    at = At.DATA;
    produced = 0;
    deltaSizesRead = 0;
    deltaShift = 0;
    deltaSizes[0] = 0;
    deltaSizes[1] = 0;
    inflater.reset();
  }

  private int data(byte[] bytes, int from, int end) throws IOException {
    inflater.setInput(bytes, from, end - from);
    try {
      while (!inflater.finished()) {
        int count = inflater.inflate(inflated);
        if (count == 0 && !inflater.finished()) {
          if (inflater.needsDictionary()) {
            throw damaged("an object that is not zlib data");
          }
          break;
        }
        deltaSizes(count);
        produced += count;
        if (produced > size) {
          throw damaged("an object is longer than it says");
        }
      }
    } catch (DataFormatException malformed) {
      throw damaged("an object that is not zlib data");
    }
    int used = end - from - inflater.getRemaining();
    position += used;
    if (inflater.finished()) {
      ended();
    }
    return from + used;
  }

  private void deltaSizes(int count) throws PackRefusedException {
    if (type != Constants.OBJ_OFS_DELTA && type != Constants.OBJ_REF_DELTA) {
      return;
    }
    for (int i = 0; i < count && deltaSizesRead < 2; i++) {
      deltaSizes[deltaSizesRead] |= (inflated[i] & 0x7fL) << deltaShift;
      deltaShift += 7;
      if ((inflated[i] & 0x80) == 0) {
        deltaSizesRead++;
        deltaShift = 0;
      } else if (deltaShift > 42) {
        throw damaged("a delta of an impossible size");
      }
    }
  }

  private void ended() throws IOException {
    if (produced != size) {
      throw damaged("an object is shorter than it says");
    }
    memory.object(Math.max(size, deltaSizes[1]));
    switch (type) {
      case Constants.OBJ_OFS_DELTA -> {
        // The delta itself is in memory, too, while it is applied.
        if (!forest.delta(start, deltaSizes[1] + size, start - baseDistance)) {
          throw damaged("a delta to nothing");
        }
      }
      case Constants.OBJ_REF_DELTA ->
          forest.namedDelta(start, deltaSizes[1] + size, stored.size(ObjectId.fromRaw(baseName)));
      default -> forest.whole(start, size);
    }
    left--;
    next();
  }

  private void next() throws PackRefusedException {
    at = At.TYPE;
    if (left == 0) {
      at = At.END;
      inflater.end();
      memory.need(objects * PER_OBJECT + forest.peak());
    }
  }

  private static PackRefusedException damaged(String how) {
    return new PackRefusedException(
        Problem.of(
            Kind.INVALID,
            "push.bad-objects",
            "The pushed objects were not taken",
            how,
            "Run git fsck in your clone, and push again."));
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    in.close();
  }
}
