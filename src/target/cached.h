/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the cache has of a release. */
#ifndef SUTURE_TARGET_CACHED_H
#define SUTURE_TARGET_CACHED_H

/* A kernel of the cache; all members are NULL if the cache does not have it. */
struct cached {
	char *path;	  /* the entry's folder */
	char *version;	  /* of the packages */
	char *source;	  /* the tree that belongs to it */
	char *source_gap; /* see struct target */
};

void cached_free(struct cached *cached);
#define scope_cached __attribute__((cleanup(cached_free))) struct cached

/* Finds the newest complete version, or the given one; the caller sets best to zero. */
void cached_find(const char *root, const char *release, const char *version, struct cached *best);

/*
 * Returns the newest release of a series, such as "6.1", and flavour that the cache has with all
 * its parts, or NULL; free().
 */
char *cached_latest(const char *root, const char *series, const char *flavour);

#endif
