/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads logind's files about sessions and users in /run/systemd/sessions and
 * /var/lib/systemd/linger. */
#include "advise/sessions.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "base/vec.h"

#define SESSIONS "/run/systemd/sessions"
#define LINGER "/var/lib/systemd/linger"

bool session_is_left_behind(const struct root *root, const char *scope)
{
	scope_free char *id = NULL, *path = NULL, *text = NULL;

	if (!str_starts(scope, "session-") || !str_ends(scope, ".scope") || strchr(scope, '/') ||
	    !root_exists(root, SESSIONS))
		return false;
	id = xstrndup(scope + 8, strlen(scope) - 8 - strlen(".scope"));
	path = xasprintf(SESSIONS "/%s", id);
	if (!root_exists(root, path))
		return true;
	err_free(root_read(root, path, &text));
	return text && strstr(text, "\nSTATE=closing\n");
}

/* Returns the user's name for an id in the text of /etc/passwd; NULL if there is none; free(). */
static char *name_of_uid(const char *passwd, const char *uid)
{
	size_t len = strlen(uid);

	for (const char *line = passwd; line && *line; line = strchr(line, '\n')) {
		line += *line == '\n';

		const char *second = strchr(line, ':');
		const char *third = second ? strchr(second + 1, ':') : NULL;

		if (third && !strncmp(third + 1, uid, len) && third[1 + len] == ':')
			return xstrndup(line, second - line);
	}
	return NULL;
}

bool session_user_lingers(const struct root *root, const char *manager)
{
	scope_free char *passwd = NULL, *uid = NULL, *name = NULL;
	scope_str_vec names = {};

	if (!str_starts(manager, "user@") || !str_ends(manager, ".service"))
		return false;
	uid = xstrndup(manager + 5, strlen(manager) - 5 - strlen(".service"));
	err_free(root_read(root, "/etc/passwd", &passwd)); /* users may be elsewhere */
	name = name_of_uid(passwd, uid);
	err_free(root_list(root, LINGER, &names));
	return name && str_vec_has(&names, name);
}
