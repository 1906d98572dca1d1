/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the owner of a process: the unit, session or container that its control group names. */
#ifndef SUTURE_ADVISE_OWNER_H
#define SUTURE_ADVISE_OWNER_H

#include <stdbool.h>

#include "base/cursor.h"

enum owner_kind {
	OWNER_NONE,    /* it is in no unit: started by hand, or without systemd */
	OWNER_INIT,    /* it is process 1 */
	OWNER_SERVICE, /* name is the system's unit */
	OWNER_USER,    /* name is the user's manager user@UID.service, inner its unit or NULL */
	OWNER_SESSION, /* name is the session's scope */
	OWNER_CONTAINER,
};

struct owner {
	enum owner_kind kind;
	char *name;
	char *inner;
};

/* Returns the owner by a path from procfs_cgroup(); free with owner_free(). */
struct owner owner_from_cgroup(struct bytes path);
void owner_free(struct owner *owner);

int owner_compare(const struct owner *a, const struct owner *b);
const char *owner_kind_name(enum owner_kind kind);

/* Returns whether systemd allows it as a unit's name, and it cannot be taken for an option. */
bool owner_is_unit_name(const char *name);

#endif
