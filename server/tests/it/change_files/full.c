/*
 * A folder that takes nothing: below FULL_FOLDER nothing can be written, as on a full disk, or nothing can be made, moved or
 * removed either, as on one that is read-only, where FULL_BY is ENOSPC or EROFS. The test loads this into the server
 * (LD_PRELOAD), because nothing is full or read-only to whoever is root.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int is_below(const char *path) {
    const char *folder = getenv("FULL_FOLDER");
    return folder != NULL && path != NULL && strncmp(path, folder, strlen(folder)) == 0;
}

static int is_full(int file) {
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0)
        return 0;
    path[length] = '\0';
    return is_below(path);
}

static int is_read_only(const char *path) {
    const char *by = getenv("FULL_BY");
    return by != NULL && strcmp(by, "EROFS") == 0 && is_below(path);
}

static int refused(int why) {
    errno = why;
    return -1;
}

ssize_t write(int file, const void *bytes, size_t length) {
    ssize_t (*real)(int, const void *, size_t) = (ssize_t(*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
    return is_full(file) ? refused(ENOSPC) : real(file, bytes, length);
}

#define OPEN(name)                                                                       \
    int name(const char *path, int how, ...) {                                           \
        int (*real)(const char *, int, mode_t) = (int (*)(const char *, int, mode_t))dlsym(RTLD_NEXT, #name); \
        va_list more;                                                                    \
        va_start(more, how);                                                             \
        mode_t mode = (how & O_CREAT) ? va_arg(more, mode_t) : 0;                        \
        va_end(more);                                                                    \
        int writes = (how & O_ACCMODE) != O_RDONLY || (how & O_CREAT);                   \
        return writes && is_read_only(path) ? refused(EROFS) : real(path, how, mode);    \
    }

OPEN(open)
OPEN(open64)

#define CALL(name, of, path, given)                                  \
    int name of {                                                    \
        int (*real) of = (int (*) of)dlsym(RTLD_NEXT, #name);        \
        return is_read_only(path) ? refused(EROFS) : real given;     \
    }

CALL(chmod, (const char *path, mode_t mode), path, (path, mode))
CALL(mkdir, (const char *path, mode_t mode), path, (path, mode))
CALL(rename, (const char *from, const char *to), to, (from, to))
CALL(rmdir, (const char *path), path, (path))
CALL(unlink, (const char *path), path, (path))
