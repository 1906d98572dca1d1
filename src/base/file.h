/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files and folders.  Paths handed out are owned by the caller (free()). */
#ifndef SUTURE_BASE_FILE_H
#define SUTURE_BASE_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cursor.h"
#include "base/err.h"

/* Maps a whole file read-only. */
struct file_map {
	struct bytes bytes;
};

struct err *file_map(const char *path, struct file_map *map);
void file_unmap(struct file_map *map);
#define scope_file_map __attribute__((cleanup(file_unmap))) struct file_map

/*
 * A whole regular file in memory of our own, free(): what is checked and then used must not change
 * in between, as a mapped file does when somebody writes to it.
 */
struct err *file_load(const char *path, uint8_t **data, size_t *size);

/*
 * A whole text file as a NUL-terminated string; size may be NULL.  As with all of these, what is no
 * regular file is an error, and a pipe is not waited for.
 */
struct err *file_read(const char *path, char **text, size_t *size);

/*
 * Does the same, and also accepts a pipe, such as a shell's <(...): it waits for the writer's data,
 * but not for a writer. The limit is 16 MiB.
 */
struct err *file_read_stream(const char *path, char **text, size_t *size);

/*
 * Written to a temporary name beside path, synced and renamed: all or nothing.  Links are followed
 * and stay, as with a shell's ">"; one that leads nowhere is an error.  Character devices and pipes
 * are written into, as is our own output by a link to it (/dev/stdout).
 */
struct err *file_write(const char *path, const void *data, size_t size);

/* The same in place of a file that is there, whose owner and mode stay; links are followed. */
struct err *file_replace(const char *path, const void *data, size_t size);

/*
 * For what lies in a temporary folder: without syncing, as a disk may take 10 ms a sync, and
 * whatever has the name is replaced, a link too.
 */
struct err *file_write_scratch(const char *path, const void *data, size_t size);

struct err *file_copy(const char *from, const char *to);

/* Whether two files have the same bytes. */
struct err *file_equal(const char *one, const char *two, bool *equal);

bool file_exists(const char *path);
bool dir_exists(const char *path);

/* Like mkdir -p, with mode 0755. */
struct err *dir_make(const char *path);

/* Works like rm -rf: links are removed, never followed, and a missing path is no error. */
struct err *dir_remove(const char *path);

/*
 * Waits for an exclusive lock on path, which is created if missing; close(*fd) or the end of the
 * process releases it.
 */
struct err *file_lock(const char *path, int *fd);

#endif
