// A disk whose Nth fsync or fdatasync of one file fails. LD_PRELOAD with FAIL_SYNC_OF (end of the file's name), FAIL_SYNC_AT
// (N, from 1) and FAIL_SYNC_SAYS, a file that gets the monotonic nanoseconds of the failure. As on Linux, the process still
// reads what it wrote, and later syncs succeed; what a crash then loses is written to FAIL_SYNC_SAYS.lost: records of file
// offset, size, file size before the write (8 bytes each) and the bytes that were overwritten, the latest write first.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct overwritten { off_t at; size_t size; off_t file_size; char* bytes; struct overwritten* before; };

static struct overwritten* since_sync;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int syncs;
static ssize_t (*real_pwrite)(int, const void*, size_t, off_t);

static int is_watched(int fd) {
  char link[64], name[4096];
  const char* wanted = getenv("FAIL_SYNC_OF");
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const ssize_t length = readlink(link, name, sizeof name - 1);
  if (!wanted || length < (ssize_t)strlen(wanted)) return 0;
  name[length] = '\0';
  return strcmp(name + length - strlen(wanted), wanted) == 0;
}

static void remember(int fd, size_t size, off_t at) {
  struct stat now;
  struct overwritten* entry = malloc(sizeof *entry);
  fstat(fd, &now);
  *entry = (struct overwritten){at, 0, now.st_size, malloc(size), since_sync};
  const ssize_t got = pread(fd, entry->bytes, size, at);
  if (got > 0) entry->size = (size_t)got;
  since_sync = entry;
}

static void forget(void) {
  while (since_sync) {
    struct overwritten* entry = since_sync;
    since_sync = entry->before;
    free(entry->bytes);
    free(entry);
  }
}

static void write_lost(void) {
  char name[4096];
  snprintf(name, sizeof name, "%s.lost", getenv("FAIL_SYNC_SAYS"));
  FILE* file = fopen(name, "w");
  for (const struct overwritten* entry = since_sync; file && entry; entry = entry->before) {
    const long long record[3] = {entry->at, (long long)entry->size, entry->file_size};
    fwrite(record, sizeof record, 1, file);
    fwrite(entry->bytes, 1, entry->size, file);
  }
  if (file) fclose(file);
}

static void say(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  FILE* file = fopen(getenv("FAIL_SYNC_SAYS"), "w");
  if (!file) return;
  fprintf(file, "%lld\n", now.tv_sec * 1000000000LL + now.tv_nsec);
  fclose(file);
}

ssize_t pwrite64(int fd, const void* bytes, size_t size, off_t at) {
  if (!real_pwrite) real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
  if (!is_watched(fd)) return real_pwrite(fd, bytes, size, at);
  pthread_mutex_lock(&mutex);
  remember(fd, size, at);
  const ssize_t written = real_pwrite(fd, bytes, size, at);
  pthread_mutex_unlock(&mutex);
  return written;
}

static int sync_or_fail(int fd, int (*real)(int)) {
  if (!is_watched(fd)) return real(fd);
  pthread_mutex_lock(&mutex);
  const int fails = ++syncs == atoi(getenv("FAIL_SYNC_AT"));
  if (fails) {
    write_lost();
    say();
  }
  forget();
  pthread_mutex_unlock(&mutex);
  if (!fails) return real(fd);
  errno = EIO;
  return -1;
}

int fsync(int fd) { return sync_or_fail(fd, dlsym(RTLD_NEXT, "fsync")); }
int fdatasync(int fd) { return sync_or_fail(fd, dlsym(RTLD_NEXT, "fdatasync")); }
