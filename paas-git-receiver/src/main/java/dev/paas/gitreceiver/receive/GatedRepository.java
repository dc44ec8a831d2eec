package dev.paas.gitreceiver.receive;

import dev.paas.base.settings.DataSize;
import dev.paas.gitreceiver.repository.Quarantine;
import java.io.IOException;
import java.io.InputStream;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.transport.PackParser;

/** A repository as one push sees it: every pack comes through a {@link PackGate}. */
final class GatedRepository extends FileRepository {

  private final DataSize maxPack;
  private final UnpackMemory.Share memory;

  GatedRepository(Quarantine quarantine, DataSize maxPack, UnpackMemory.Share memory)
      throws IOException {
    super(quarantine.options());
    this.maxPack = maxPack;
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
        return plain.newPackParser(new PackGate(in, maxPack, memory, GatedRepository.this::size));
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
