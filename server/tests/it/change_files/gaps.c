/*
 * Counts the files that the process moves, links, removes or syncs, and kills it, as kill -9 does, just before the one whose
 * number is KILL_AT. The test loads this into the server (LD_PRELOAD).
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

static atomic_int steps;

static void step(void) {
    const char *at = getenv("KILL_AT");
    if (at != NULL && atomic_fetch_add(&steps, 1) + 1 == atoi(at))
        kill(getpid(), SIGKILL);
}

#define STEP(name, of, given)                                                \
    int name of {                                                            \
        int (*real) of = (int (*) of)dlsym(RTLD_NEXT, #name);                \
        step();                                                              \
        return real given;                                                   \
    }

STEP(fdatasync, (int file), (file))
STEP(fsync, (int file), (file))
STEP(link, (const char *from, const char *to), (from, to))
STEP(linkat, (int a, const char *from, int b, const char *to, int how), (a, from, b, to, how))
STEP(rename, (const char *from, const char *to), (from, to))
STEP(renameat, (int a, const char *from, int b, const char *to), (a, from, b, to))
STEP(renameat2, (int a, const char *from, int b, const char *to, unsigned how), (a, from, b, to, how))
STEP(rmdir, (const char *path), (path))
STEP(unlink, (const char *path), (path))
STEP(unlinkat, (int in, const char *path, int how), (in, path, how))
