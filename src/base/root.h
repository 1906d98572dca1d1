/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A folder that stands for "/". All code that reads /proc, /sys, /etc, /var or /boot goes through a
 * root, so that a made-up tree or the tree of another system can be examined instead. Paths are
 * absolute, relative to the root; neither ".." nor a symbolic link leads out of it (openat2(2),
 * RESOLVE_IN_ROOT; Linux 5.6). The caller frees what is returned.
 */
#ifndef SUTURE_BASE_ROOT_H
#define SUTURE_BASE_ROOT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/vec.h"

struct root;

/* Opens a root; dir NULL or "/" means the machine itself. */
struct err *root_open(const char *dir, struct root **root);
void root_free(struct root *root);
void root_freep(struct root **rootp);
#define scope_root __attribute__((cleanup(root_freep))) struct root *

/* Returns whether it is the machine itself, whose kernel can be queried and changed. */
bool root_is_machine(const struct root *root);

/* Returns the path as the user knows it, with the root's folder before it. */
char *root_path(const struct root *root, const char *path);

/* Works like open(2), close-on-exec; returns a descriptor, or -errno. */
int root_openat(const struct root *root, const char *path, int flags, mode_t mode);

/* Works like stat(2), following links; returns 0 or -errno. */
int root_stat(const struct root *root, const char *path, struct stat *st);

bool root_exists(const struct root *root, const char *path);

/*
 * Reads a whole text file, NUL-terminated. If it is not a regular file, this fails and does not
 * wait.
 */
struct err *root_read(const struct root *root, const char *path, char **text);

/* Does the same as root_read() and returns the size, for callers that must notice NULs. */
struct err *root_read_bytes(const struct root *root, const char *path, char **text, size_t *size);

/* Returns the first line of a file, without its end, or NULL if there is no such file. */
char *root_read_line(const struct root *root, const char *path);

/* Returns the decimal number that a file begins with, or `otherwise` if it is missing or empty. */
long root_read_number(const struct root *root, const char *path, long otherwise);

/* Returns the target of a symbolic link, or NULL if there is no link of that name. */
char *root_link(const struct root *root, const char *path);

/* Lists a folder, sorted, without "." and "..". A missing folder counts as empty. */
struct err *root_list(const struct root *root, const char *path, struct str_vec *names);

/* Writes to an existing file, such as an attribute in /sys; returns 0 or -errno. */
int root_store(const struct root *root, const char *path, const char *text);

/*
 * Makes a file, completely or not at all; it is on the disk when this returns. The data is written
 * to a temporary file beside it, which is synced and renamed, and the folder is synced. Missing
 * folders are made.
 */
struct err *root_write(const struct root *root, const char *path, const void *data, size_t size,
		       mode_t mode);

/* Works like mkdir -p, with mode 0755. */
struct err *root_make_dir(const struct root *root, const char *path);

/* Works like rename(2), and syncs both folders. */
struct err *root_rename(const struct root *root, const char *from, const char *to);

/* Removes a file or a folder with its contents, and syncs; a missing one is no error. */
struct err *root_remove(const struct root *root, const char *path);

#endif
