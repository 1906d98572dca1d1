/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A level: what a kernel can be live-patched to, as a source offers it. */
#ifndef SUTURE_AUTO_LEVEL_H
#define SUTURE_AUTO_LEVEL_H

#include <jansson.h>
#include <stdbool.h>

#include "auto/policy.h"
#include "base/vec.h"

struct auto_level {
	enum auto_source source;
	char *version;	/* of the package; of the source if it is built here */
	char *to;	/* the version of the source whose changes it carries */
	unsigned phase; /* percentage of machines that it is offered to */
};

struct auto_level_vec VEC(struct auto_level);

void auto_level_clear(struct auto_level *level);
void auto_levels_free(struct auto_level_vec *levels);
struct auto_level auto_level_copy(const struct auto_level *level);

/*
 * Returns the level of a package of that version: `suture package` appends the number of the level
 * to the version of the source, so that 6.1.192-3-2 carries 6.1.192-3.
 */
struct auto_level auto_level_of_package(const char *version, unsigned phase);

/* Returns the level that a version of the source is. */
struct auto_level auto_level_of_source(const char *version);

/* Returns whether `a` comes after `b`, whoever offers them. */
bool auto_level_is_later(const struct auto_level *a, const struct auto_level *b);

/* Returns whether both are the same offer. */
bool auto_level_is_same(const struct auto_level *a, const struct auto_level *b);

/* Converts a level for a file of state, and back; false if it is none. */
json_t *auto_level_json(const struct auto_level *level);
bool auto_level_parse(const json_t *object, struct auto_level *level);

/*
 * Returns a machine's place from 0 to 99 in the order in which machines get a level; it depends on
 * the machine's id alone.
 */
unsigned auto_ring_of(const char *machine_id);

/* Returns whether a machine in that ring is offered a level of that phase. */
bool auto_ring_is_offered(unsigned ring, unsigned phase);

#endif
