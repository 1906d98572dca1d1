/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whose a process is: the unit, the session or the container that its control group names. */
#ifndef SUTURE_ADVISE_OWNER_H
#define SUTURE_ADVISE_OWNER_H

#include <stdbool.h>

#include "base/cursor.h"

enum owner_kind {
	OWNER_NONE,    /* in no unit: started by hand, or without systemd */
	OWNER_INIT,    /* process 1 */
	OWNER_SERVICE, /* name is the unit, of systemd's */
	OWNER_USER,    /* name is the user's manager user@UID.service, inner its unit or NULL */
	OWNER_SESSION, /* name is the session's scope */
	OWNER_CONTAINER,
};

struct owner {
	enum owner_kind kind;
	char *name;
	char *inner;
};

/* The path is what procfs_cgroup() found. */
struct owner owner_from_cgroup(struct bytes path);
void owner_free(struct owner *owner);

int owner_compare(const struct owner *a, const struct owner *b);
const char *owner_kind_name(enum owner_kind kind);

/* Only the characters that systemd allows in a unit's name, and no option. */
bool owner_is_unit_name(const char *name);

#endif
