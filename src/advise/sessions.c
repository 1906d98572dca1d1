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

/* Returns the value of "KEY=" at the beginning of a line; NULL if there is none; free(). */
static char *value_of(const char *text, const char *key)
{
	for (const char *line = text; line && *line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (str_starts(line, key))
			return xstrndup(line + strlen(key), strcspn(line + strlen(key), "\n"));
	}
	return NULL;
}

/* Takes the last value of a key of logind.conf from a file. */
static void take_setting(const struct root *root, const char *path, const char *key, char **value)
{
	scope_free char *text = NULL;
	char *found;

	if (!root_exists(root, path))
		return;
	err_free(root_read(root, path, &text));
	found = text ? value_of(text, key) : NULL;
	if (found) {
		free(*value);
		*value = found;
	}
}

/* Returns a setting of logind by its files, in their order; NULL if no file has it; free(). */
static char *logind_setting(const struct root *root, const char *key)
{
	static const char *const files[] = {"/usr/lib/systemd/logind.conf",
					    "/run/systemd/logind.conf", "/etc/systemd/logind.conf"};
	char *value = NULL;

	for (size_t i = 0; i < array_size(files); i++)
		take_setting(root, files[i], key, &value);
	for (size_t i = 0; i < array_size(files); i++) {
		scope_free char *folder = xasprintf("%s.d", files[i]);
		scope_str_vec names = {};

		err_free(root_list(root, folder, &names));
		vec_foreach(&names, it) {
			scope_free char *path = xasprintf("%s/%s", folder, *it);

			if (str_ends(*it, ".conf"))
				take_setting(root, path, key, &value);
		}
	}
	return value;
}

int session_leader_left_alone(const struct root *root, const char *scope)
{
	scope_free char *id = NULL, *path = NULL, *text = NULL, *leader = NULL, *uid = NULL;

	if (!str_starts(scope, "session-") || !str_ends(scope, ".scope") || strchr(scope, '/'))
		return 0;
	id = xstrndup(scope + 8, strlen(scope) - 8 - strlen(".scope"));
	path = xasprintf(SESSIONS "/%s", id);
	err_free(root_exists(root, path) ? root_read(root, path, &text) : NULL);
	leader = text ? value_of(text, "LEADER=") : NULL;
	uid = text ? value_of(text, "UID=") : NULL;
	if (!leader)
		return 0;

	scope_free char *kills = logind_setting(root, "KillUserProcesses=");
	scope_free char *excluded = logind_setting(root, "KillExcludeUsers=");
	bool yes = kills && (!strcmp(kills, "yes") || !strcmp(kills, "true") ||
			     !strcmp(kills, "on") || !strcmp(kills, "1"));

	/* logind's default leaves root's processes alone in any case. */
	if (yes && (!uid || strcmp(uid, "0") || (excluded && !strstr(excluded, "root"))))
		return 0;
	return (int)strtol(leader, NULL, 10);
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

/* Returns the user's name by logind's file about the user, or by /etc/passwd; NULL; free(). */
static char *name_of_user(const struct root *root, const char *passwd, const char *uid)
{
	scope_free char *path = xasprintf("/run/systemd/users/%s", uid), *text = NULL;
	char *name;

	err_free(root_exists(root, path) ? root_read(root, path, &text) : NULL);
	name = text ? value_of(text, "NAME=") : NULL;
	return name ? name : name_of_uid(passwd, uid);
}

/* Returns whether a user lingers who is not in /etc/passwd, but in LDAP, for example. */
static bool unlisted_user_lingers(const char *passwd, const struct str_vec *names)
{
	vec_foreach(names, it) {
		scope_free char *start = xasprintf("\n%s:", *it);

		if (!passwd || (!strstr(passwd, start) && !str_starts(passwd, start + 1)))
			return true;
	}
	return false;
}

bool session_user_lingers(const struct root *root, const char *manager)
{
	scope_free char *passwd = NULL, *uid = NULL, *name = NULL;
	scope_str_vec names = {};

	if (!str_starts(manager, "user@") || !str_ends(manager, ".service"))
		return false;
	uid = xstrndup(manager + 5, strlen(manager) - 5 - strlen(".service"));
	err_free(root_read(root, "/etc/passwd", &passwd)); /* users may be elsewhere */
	name = name_of_user(root, passwd, uid);
	err_free(root_list(root, LINGER, &names));
	return name ? str_vec_has(&names, name) : unlisted_user_lingers(passwd, &names);
}
