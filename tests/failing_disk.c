/* A disk that fails on demand, for tests: preloaded, it stands before the C library's calls
 * that change files under one folder, counts them, and lets one of them fail, or all from one
 * on (a disk that is full stays full). Deleting is never failed: a full disk allows it.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static char folder[4096];
static long counted, failing_at;
static int stays;

/* Fail the `nth` call under `path` (0: none); with `onwards`, every later one too. */
void disk_fails(const char *path, long nth, int onwards) {
    snprintf(folder, sizeof folder, "%s", path);
    counted = 0, failing_at = nth, stays = onwards;
}

long disk_calls(void) { return counted; }

static int fails(const char *path) {
    if (!folder[0] || !path || strncmp(path, folder, strlen(folder))) return 0;
    long at = __sync_add_and_fetch(&counted, 1); /* files are flushed by several threads */
    return failing_at && (at == failing_at || (stays && at > failing_at));
}

static int fails_open(int fd) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path - 1);
    if (n < 0) return 0;
    path[n] = 0;
    return fails(path);
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define REFUSE(code) return errno = (code), -1

ssize_t write(int fd, const void *from, size_t n) {
    if (fails_open(fd)) REFUSE(ENOSPC);
    return NEXT(write)(fd, from, n);
}
int fsync(int fd) {
    if (fails_open(fd)) REFUSE(EIO);
    return NEXT(fsync)(fd);
}
int ftruncate(int fd, off_t size) {
    if (fails_open(fd)) REFUSE(ENOSPC);
    return NEXT(ftruncate)(fd, size);
}
int mkdir(const char *path, mode_t mode) {
    if (fails(path)) REFUSE(ENOSPC);
    return NEXT(mkdir)(path, mode);
}
int chmod(const char *path, mode_t mode) {
    if (fails(path)) REFUSE(EROFS);
    return NEXT(chmod)(path, mode);
}
int rename(const char *from, const char *to) {
    if (fails(to)) REFUSE(EIO);
    return NEXT(rename)(from, to);
}
int renameat2(int here, const char *from, int there, const char *to, unsigned flags) {
    if (fails(to)) REFUSE(EIO);
    return NEXT(renameat2)(here, from, there, to, flags);
}

#define OPENS(name)                                                     \
    int name(const char *path, int flags, ...) {                        \
        va_list rest;                                                   \
        va_start(rest, flags);                                          \
        mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;       \
        va_end(rest);                                                   \
        if ((flags & O_CREAT) && fails(path)) REFUSE(ENOSPC);           \
        return NEXT(name)(path, flags, mode);                           \
    }
OPENS(open)
OPENS(open64)
