package dev.paas.runtime.linux.file;

import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import jnr.ffi.annotations.SaveError;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;

/** The C library's calls on files, by directory descriptor. Paths are NUL-terminated bytes. */
public interface FileLibrary {

  FileLibrary C = LibraryLoader.create(FileLibrary.class).load("c");
  Runtime RUNTIME = Runtime.getRuntime(C);

  /** openat2(2) has no wrapper in glibc 2.36: number 437 on every architecture. */
  @SaveError
  long syscall(long number, int directory, @In byte[] path, @In byte[] how, @size_t long howSize);

  @SaveError
  int openat(int directory, @In byte[] path, int flags, int mode);

  @SaveError
  int close(int fd);

  @SaveError
  @ssize_t
  long read(int fd, @Out byte[] buffer, @size_t long count);

  @SaveError
  @ssize_t
  long write(int fd, @In byte[] buffer, @size_t long count);

  @SaveError
  @ssize_t
  long copy_file_range(
      int in,
      @In byte[] noOffsetIn,
      int out,
      @In byte[] noOffsetOut,
      @size_t long count,
      int flags);

  @SaveError
  int mkdirat(int directory, @In byte[] name, int mode);

  @SaveError
  int mknodat(int directory, @In byte[] name, int mode, long device);

  @SaveError
  int symlinkat(@In byte[] target, int directory, @In byte[] name);

  @SaveError
  int linkat(int fromDirectory, @In byte[] from, int toDirectory, @In byte[] to, int flags);

  @SaveError
  int unlinkat(int directory, @In byte[] name, int flags);

  @SaveError
  int renameat(int fromDirectory, @In byte[] from, int toDirectory, @In byte[] to);

  @SaveError
  int fchownat(int directory, @In byte[] name, int uid, int gid, int flags);

  @SaveError
  int fchmodat(int directory, @In byte[] name, int mode, int flags);

  @SaveError
  int fchown(int fd, int uid, int gid);

  @SaveError
  int fchmod(int fd, int mode);

  @SaveError
  int utimensat(int directory, @In byte[] name, @In byte[] times, int flags);

  @SaveError
  @ssize_t
  long readlinkat(int directory, @In byte[] name, @Out byte[] buffer, @size_t long size);

  @SaveError
  int statx(int directory, @In byte[] name, int flags, int mask, @Out byte[] buffer);

  @SaveError
  @ssize_t
  long getdents64(int fd, @Out byte[] buffer, @size_t long size);

  @SaveError
  int lsetxattr(@In byte[] path, @In byte[] name, @In byte[] value, @size_t long size, int flags);

  @SaveError
  @ssize_t
  long lgetxattr(@In byte[] path, @In byte[] name, @Out byte[] value, @size_t long size);

  @SaveError
  @ssize_t
  long llistxattr(@In byte[] path, @Out byte[] list, @size_t long size);

  @SaveError
  int lremovexattr(@In byte[] path, @In byte[] name);

  @SaveError
  int statvfs(@In byte[] path, @Out byte[] buffer);

  @SaveError
  int fsync(int fd);

  @SaveError
  int sync_file_range(int fd, long offset, long bytes, int flags);

  @SaveError
  int syncfs(int fd);

  @SaveError
  int mount(@In byte[] source, @In byte[] target, @In byte[] type, long flags, @In byte[] data);

  @SaveError
  int umount2(@In byte[] target, int flags);
}
