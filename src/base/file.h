/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Functions for files and folders. The caller owns paths that are returned (free()). */
#ifndef SUTURE_BASE_FILE_H
#define SUTURE_BASE_FILE_H

#include <dirent.h>
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

/* Sets *hash to the 64-bit XXH3 sum of a file's contents. */
struct err *file_hash(const char *path, uint64_t *hash);

/*
 * Reads a whole regular file into memory; free(). A mapped file changes when somebody writes to it,
 * so data that is checked first and used later must be read this way.
 */
struct err *file_load(const char *path, uint8_t **data, size_t *size);

/*
 * Reads a whole text file as a NUL-terminated string; size may be NULL. Like all functions here, it
 * fails if path is not a regular file, and does not wait for pipes.
 */
struct err *file_read(const char *path, char **text, size_t *size);

/*
 * Does the same as file_read(), and also accepts a pipe, such as a shell's <(...): it waits for the
 * writer's data, but not for a writer. The limit is 16 MiB.
 */
struct err *file_read_stream(const char *path, char **text, size_t *size);

/*
 * Writes to a temporary file beside path, syncs it and renames it, so that path gets all of the
 * data or stays as it was. Links are followed and kept, as by a shell's ">"; a link that leads
 * nowhere is an error. Character devices, pipes, and stdout by a link to it (/dev/stdout) are
 * written to directly.
 */
struct err *file_write(const char *path, const void *data, size_t size);

/* Does the same as file_write() with an existing file, whose owner and mode are kept. Links are
 * followed. */
struct err *file_replace(const char *path, const void *data, size_t size);

/*
 * Writes a file in a temporary folder. It is not synced, since a sync may take 10 ms on a disk. It
 * replaces whatever has that name, even a link.
 */
struct err *file_write_scratch(const char *path, const void *data, size_t size);

struct err *file_copy(const char *from, const char *to);

/* Sets *equal to whether two files have the same bytes. */
struct err *file_equal(const char *one, const char *two, bool *equal);

bool file_exists(const char *path);
bool dir_exists(const char *path);
/*
 * Returns a folder to list, of a descriptor that is closed with it; closes it and returns NULL if
 * it cannot be listed. A negative fd is a folder that could not be opened.
 */
DIR *dir_take(int fd);
/* Returns the path itself, or the nearest folder above it that exists; free(). */
char *dir_nearest(const char *path);

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
