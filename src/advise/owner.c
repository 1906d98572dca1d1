/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Derives from a control group what owns a process: a unit, a session or a container. */
#include "advise/owner.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "base/strbuf.h"
#include "base/vec.h"

/* Container engines name their control groups so; the first match names the container. */
static const char *const containers[] = {
	"docker-*.scope",   "libpod-*.scope",  "libpod-*",
	"cri-containerd-*", "crio-*.scope",    "containerd-*",
	"lxc.payload.*",    "machine-*.scope", "systemd-nspawn@*.service",
	"kubepods*",	    "buildkit*",
};

/* The children of these control groups are containers. */
static const char *const parents[] = {"docker", "lxc", "lxc.payload", "actions_job", "containerd"};

static bool owner_is_container(const char *part, const char *parent)
{
	for (size_t i = 0; i < array_size(containers); i++)
		if (!fnmatch(containers[i], part, 0))
			return true;
	for (size_t i = 0; i < array_size(parents); i++)
		if (parent && !strcmp(parents[i], parent))
			return true;
	return false;
}

static void cut(struct bytes path, struct str_vec *parts)
{
	scope_free char *copy = xstrndup((const char *)path.data, path.size);
	char *save = NULL;

	for (char *part = strtok_r(copy, "/", &save); part; part = strtok_r(NULL, "/", &save))
		if (strcmp(part, ".."))
			vec_push(parts, xstrdup(part));
}

static struct owner named(enum owner_kind kind, const char *name)
{
	return (struct owner){.kind = kind, .name = xstrdup(name)};
}

/* Returns the innermost unit below the user's manager that is not a slice. */
static struct owner user_unit(const struct str_vec *parts, size_t manager)
{
	struct owner owner = named(OWNER_USER, parts->data[manager]);

	for (size_t i = manager + 1; i < parts->len; i++)
		if (str_ends(parts->data[i], ".service") || str_ends(parts->data[i], ".scope")) {
			owner.inner = xstrdup(parts->data[i]);
			break;
		}
	return owner;
}

static struct owner classify(const struct str_vec *parts)
{
	for (size_t i = 0; i < parts->len; i++)
		if (owner_is_container(parts->data[i], i ? parts->data[i - 1] : NULL))
			return named(OWNER_CONTAINER, parts->data[i]);
	for (size_t i = 0; i < parts->len; i++) {
		const char *part = parts->data[i];

		if (!strcmp(part, "init.scope"))
			return named(OWNER_INIT, part);
		if (str_starts(part, "user@") && str_ends(part, ".service"))
			return user_unit(parts, i);
		if (str_starts(part, "session-") && str_ends(part, ".scope"))
			return named(OWNER_SESSION, part);
		if (str_ends(part, ".service") || str_ends(part, ".scope"))
			return named(OWNER_SERVICE, part);
	}
	return (struct owner){};
}

struct owner owner_from_cgroup(struct bytes path)
{
	scope_str_vec parts = {};

	if (path.size)
		cut(path, &parts);
	return classify(&parts);
}

void owner_free(struct owner *owner)
{
	free(owner->name);
	free(owner->inner);
	*owner = (struct owner){};
}

int owner_compare(const struct owner *a, const struct owner *b)
{
	int diff = (int)a->kind - (int)b->kind;

	if (!diff)
		diff = str_compare(a->name, b->name);
	return diff ? diff : str_compare(a->inner, b->inner);
}

const char *owner_kind_name(enum owner_kind kind)
{
	static const char *const names[] = {
		[OWNER_NONE] = "process",    [OWNER_INIT] = "init",
		[OWNER_SERVICE] = "service", [OWNER_USER] = "user-service",
		[OWNER_SESSION] = "session", [OWNER_CONTAINER] = "container",
	};

	return names[kind];
}

bool owner_is_unit_name(const char *name)
{
	static const char allowed[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:-_.\\@";

	return name && *name && *name != '-' && strlen(name) < 256 && strchr(name, '.') &&
	       strspn(name, allowed) == strlen(name);
}
