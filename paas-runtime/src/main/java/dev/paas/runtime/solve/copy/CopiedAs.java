package dev.paas.runtime.solve.copy;

import java.util.Optional;

/**
 * What becomes of the owners and modes of what is copied.
 *
 * @param owner of everything; empty: as in the source
 * @param mode of files and directories
 */
record CopiedAs(Optional<Owner> owner, FileMode mode) {}
