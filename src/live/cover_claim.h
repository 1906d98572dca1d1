/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a cumulative live patch says about itself: `suture cover` writes into the module which
 * version it was made for, which later one it carries, and whether it carries all of that.
 */
#ifndef SUTURE_LIVE_COVER_CLAIM_H
#define SUTURE_LIVE_COVER_CLAIM_H

#include <jansson.h>
#include <stdbool.h>

#include "base/vec.h"

struct live_module;

/* Names of units that are kept; there may be thousands. */
#define LIVE_COVER_UNITS 20

struct live_cover {
	char *from, *to;     /* versions of packages */
	bool equivalent;     /* it carries all that the later version changes in this kernel */
	int nr_open;	     /* units that it leaves out; -1: not known */
	struct str_vec open; /* the first LIVE_COVER_UNITS of them */
};

/*
 * Reads the claim of a module; NULL if it has none. The list of units beside the module,
 * <name>.cover.json, says what is open; if it does not say "equivalent", neither does the claim.
 */
struct live_cover *live_cover_read(const struct live_module *module);

/* Converts it for a record and back; NULL and null stand for each other. */
/* Returns whether a list of units is about the same two versions as the module's claim. */
bool live_cover_owns(const struct live_cover *cover, const json_t *list);

json_t *live_cover_json(const struct live_cover *cover);
struct live_cover *live_cover_parse(const json_t *object);

struct live_cover *live_cover_copy(const struct live_cover *cover);
void live_cover_free(struct live_cover *cover);

#endif
