#include "tests/store/crash/disk.hpp"

#include <unistd.h>

#include <filesystem>

namespace earshot::test {
namespace {

sqlite3_vfs* real = nullptr;  // what was the default before
Disk* disk = nullptr;         // whom the calls ask

/// SQLite's file, followed by the real one.
struct Shim {
  sqlite3_file base;
  std::string* name;  // nothing: a file that is not watched
  sqlite3_file* under() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};
Shim& shim(sqlite3_file* file) { return *reinterpret_cast<Shim*>(file); }
sqlite3_file* under(sqlite3_file* file) { return shim(file).under(); }

int close(sqlite3_file* file) {
  delete shim(file).name;
  return under(file)->pMethods ? under(file)->pMethods->xClose(under(file)) : SQLITE_OK;
}
int read(sqlite3_file* file, void* out, int size, sqlite3_int64 offset) {
  if (const int code = disk->verdict(Call::read)) return code | SQLITE_IOERR_READ;
  return under(file)->pMethods->xRead(under(file), out, size, offset);
}
int write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
  if (const int code = disk->verdict(Call::write)) return code == SQLITE_IOERR ? SQLITE_IOERR_WRITE : code;
  if (shim(file).name)
    disk->note({.kind = Event::Kind::write,
                .file = *shim(file).name,
                .offset = offset,
                .bytes = std::string(static_cast<const char*>(bytes), static_cast<std::size_t>(size))});
  return under(file)->pMethods->xWrite(under(file), bytes, size, offset);
}
int truncate(sqlite3_file* file, sqlite3_int64 size) {
  if (disk->verdict(Call::write)) return SQLITE_IOERR_TRUNCATE;
  if (shim(file).name) disk->note({.kind = Event::Kind::truncate, .file = *shim(file).name, .offset = size});
  return under(file)->pMethods->xTruncate(under(file), size);
}
int sync(sqlite3_file* file, int) {
  if (disk->verdict(Call::sync)) return SQLITE_IOERR_FSYNC;
  if (shim(file).name) disk->note({.kind = Event::Kind::sync, .file = *shim(file).name});
  return SQLITE_OK;
}
int size_of(sqlite3_file* file, sqlite3_int64* size) {
  return under(file)->pMethods->xFileSize(under(file), size);
}
int lock(sqlite3_file* file, int level) { return under(file)->pMethods->xLock(under(file), level); }
int unlock(sqlite3_file* file, int level) { return under(file)->pMethods->xUnlock(under(file), level); }
int reserved(sqlite3_file* file, int* out) {
  return under(file)->pMethods->xCheckReservedLock(under(file), out);
}
int control(sqlite3_file* file, int what, void* value) {
  return under(file)->pMethods->xFileControl(under(file), what, value);
}
int sector_size(sqlite3_file* file) { return under(file)->pMethods->xSectorSize(under(file)); }
int character(sqlite3_file* file) { return under(file)->pMethods->xDeviceCharacteristics(under(file)); }
int map_shared(sqlite3_file* file, int page, int size, int extend, void volatile** out) {
  return under(file)->pMethods->xShmMap(under(file), page, size, extend, out);
}
int lock_shared(sqlite3_file* file, int offset, int count, int flags) {
  return under(file)->pMethods->xShmLock(under(file), offset, count, flags);
}
void barrier(sqlite3_file* file) { under(file)->pMethods->xShmBarrier(under(file)); }
int unmap_shared(sqlite3_file* file, int remove) {
  return under(file)->pMethods->xShmUnmap(under(file), remove);
}

/// The index of the log is shared memory, which no power cut leaves: the real one serves. Version 2: without
/// memory-mapped reading, which the store does not use.
const sqlite3_io_methods methods = {2,       close,        read,      write,      truncate,
                                    sync,    size_of,      lock,      unlock,     reserved,
                                    control, sector_size,  character, map_shared, lock_shared,
                                    barrier, unmap_shared, nullptr,   nullptr};

int open(sqlite3_vfs*, const char* path, sqlite3_file* file, int flags, int* out) {
  file->pMethods = nullptr;
  shim(file).name = nullptr;
  if (disk->verdict(Call::open)) return SQLITE_CANTOPEN;
  const bool there = path && ::access(path, F_OK) == 0;
  const int code = real->xOpen(real, path, under(file), flags, out);
  if (code != SQLITE_OK) return code;
  file->pMethods = &methods;
  if (const auto name = disk->name_of(path)) {
    shim(file).name = new std::string(*name);
    if (!there) disk->note({.kind = Event::Kind::create, .file = *name});
  }
  return code;
}
int remove(sqlite3_vfs*, const char* path, int sync_folder) {
  if (disk->verdict(Call::write)) return SQLITE_IOERR_DELETE;
  const int code = real->xDelete(real, path, 0);
  if (const auto name = disk->name_of(path); name && code == SQLITE_OK)
    disk->note({.kind = Event::Kind::remove, .file = *name, .offset = sync_folder});
  return code;
}

sqlite3_vfs make_vfs() {
  auto out = *real;
  out.szOsFile = static_cast<int>(sizeof(Shim)) + real->szOsFile;
  out.zName = "crash";
  out.pNext = nullptr;
  out.xOpen = open;
  out.xDelete = remove;
  return out;
}

sqlite3_vfs registered;

}  // namespace

Disk::Disk(std::string folder) : folder_(std::move(folder)), before_(read_files(folder_)) {
  real = sqlite3_vfs_find(nullptr);
  registered = make_vfs();
  disk = this;
  sqlite3_vfs_register(&registered, 1);
}

Disk::~Disk() {
  sqlite3_vfs_unregister(&registered);
  sqlite3_vfs_register(real, 1);
  disk = nullptr;
}

void Disk::fail(std::optional<Fault> fault) {
  fault_ = fault;
  calls_ = 0;
  failed_ = false;
}

int Disk::verdict(Call call) {
  if (!fault_ || fault_->call != call) return SQLITE_OK;
  ++calls_;
  if (fault_->for_good ? calls_ < fault_->nth : calls_ != fault_->nth) return SQLITE_OK;
  failed_ = true;
  return fault_->code;
}

std::optional<std::string> Disk::name_of(const char* path) const {
  if (!path) return std::nullopt;
  const std::filesystem::path whole(path);
  if (whole.parent_path() != folder_) return std::nullopt;
  return whole.filename().string();
}

}  // namespace earshot::test
