/*
 * What a power cut would leave of a database: whenever one of its files is synced, the file is copied into the folder
 * that POWER_CUT_FOLDER names. What was written and not synced never gets there. The test loads this into the server
 * (LD_PRELOAD).
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

/* A copy that fails would make the test a weaker one, unseen. */
static void must(int is_so, const char *what) {
    if (!is_so) {
        perror(what);
        abort();
    }
}

/* Where a file of the database is kept; says whether it is one. */
static int kept_at(const char *path, char *kept, size_t size) {
    const char *folder = getenv("POWER_CUT_FOLDER"), *name = strrchr(path, '/');
    must(folder != NULL, "POWER_CUT_FOLDER");
    if (name == NULL || strncmp(name, "/portal.db", strlen("/portal.db")) != 0)
        return 0;
    must(snprintf(kept, size, "%s%s", folder, name) < (int)size, path);
    return 1;
}

static void copy(int from, const char *kept) {
    static char part[1 << 16];
    char unfinished[PATH_MAX + 16];
    snprintf(unfinished, sizeof unfinished, "%s.unfinished", kept);
    int to = open(unfinished, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    must(to >= 0, unfinished);
    off_t place = 0;
    ssize_t length;
    /* By the server's own handle: closing another one would take SQLite's locks away. */
    while ((length = pread(from, part, sizeof part, place)) > 0) {
        must(write(to, part, length) == length, unfinished);
        place += length;
    }
    must(length == 0 && close(to) == 0 && rename(unfinished, kept) == 0, kept);
}

static int synced(const char *call, int file) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, call);
    char link[64], path[PATH_MAX], kept[PATH_MAX];
    int result = real(file);
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    must(length > 0, link);
    path[length] = '\0';
    if (result == 0 && kept_at(path, kept, sizeof kept)) {
        pthread_mutex_lock(&one_at_a_time);
        copy(file, kept);
        pthread_mutex_unlock(&one_at_a_time);
    }
    return result;
}

int fsync(int file) { return synced("fsync", file); }

int fdatasync(int file) { return synced("fdatasync", file); }

/* A journal that is over. */
int unlink(const char *path) {
    int (*real)(const char *) = (int (*)(const char *))dlsym(RTLD_NEXT, "unlink");
    char kept[PATH_MAX];
    if (kept_at(path, kept, sizeof kept))
        real(kept);
    return real(path);
}
