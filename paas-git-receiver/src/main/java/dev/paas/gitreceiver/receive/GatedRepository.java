package dev.paas.gitreceiver.receive;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.transport.PackParser;

/** A repository into which every pack comes through a {@link PackGate}. */
final class GatedRepository extends FileRepository {

  private final UnpackMemory.Share memory;

  GatedRepository(File folder, UnpackMemory.Share memory) throws IOException {
    super(folder);
    this.memory = memory;
  }

  @Override
  public ObjectInserter newObjectInserter() {
    ObjectInserter plain = super.newObjectInserter();
    return new ObjectInserter.Filter() {
      @Override
      protected ObjectInserter delegate() {
        return plain;
      }

      @Override
      public PackParser newPackParser(InputStream in) throws IOException {
        return plain.newPackParser(new PackGate(in, memory, GatedRepository.this::size));
      }
    };
  }

  private long size(ObjectId id) throws IOException {
    try (ObjectReader reader = newObjectReader()) {
      return reader.getObjectSize(id, ObjectReader.OBJ_ANY);
    } catch (MissingObjectException elsewhere) {
      return 0;
    }
  }
}
