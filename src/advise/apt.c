/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks apt for pending updates and reads the lists that apt and dpkg keep. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "advise/apt.h"
#include "base/proc.h"
#include "base/strbuf.h"
#include "base/locale.h"

#define APT_TIMEOUT_MS 120000
#define FETCH_TIMEOUT_MS 900000
#define OLD_DAYS 7 /* a note mentions package lists that are older */

/* Returns the text between two characters and advances *at; NULL if it does not begin there. */
static char *take_enclosed(const char **at, char open, char close)
{
	const char *start = *at + strspn(*at, " ");
	const char *end = *start == open ? strchr(start, close) : NULL;

	if (!end)
		return NULL;
	*at = end + 1;
	return xstrndup(start + 1, end - start - 1);
}

static void apt_parse_line(const char *line, struct advise_update_vec *updates)
{
	bool removed = str_starts(line, "Remv ");

	if (!removed && !str_starts(line, "Inst "))
		return;
	line += strlen("Inst ");

	size_t len = strcspn(line, " ");
	const char *colon = memchr(line, ':', len);
	size_t name = colon ? (size_t)(colon - line) : len;
	const char *rest = line + len;
	struct advise_update update = {
		.package = xstrndup(line, name),
		.from = take_enclosed(&rest, '[', ']'),
	};
	scope_free char *to = take_enclosed(&rest, '(', ')');

	if (to && !removed) {
		char *arch = strrchr(to, '[');

		update.arch = xstrndup(arch ? arch + 1 : "", arch ? strcspn(arch + 1, "]") : 0);
		update.to = xstrndup(to, strcspn(to, " "));
	} else {
		update.arch = colon ? xstrndup(colon + 1, len - name - 1) : xstrdup("");
	}
	vec_push(updates, update);
}

void advise_apt_parse(const char *text, struct advise_update_vec *updates)
{
	while (*text) {
		size_t len = strcspn(text, "\n");
		scope_free char *line = xstrndup(text, len);

		apt_parse_line(line, updates);
		text += len + (text[len] == '\n');
	}
}

struct err *advise_apt_check_lists(const struct root *root)
{
	scope_str_vec names = {};

	err_try(root_list(root, "/var/lib/apt/lists", &names));
	vec_foreach(&names, it) /* the name may end in a compression's suffix */
		if (strstr(*it, "_Packages"))
			return NULL;
	return err_new("apt has no package lists; run `apt update`");
}

struct err *advise_apt_ask(struct advise_update_vec *updates)
{
	static const char *const argv[] = {
		"apt-get", "-s", "-q", "-o", "Debug::NoLocking=true", "dist-upgrade", NULL};
	scope_strbuf output = STRBUF_INIT, warnings = STRBUF_INIT;
	struct proc_spec spec = {.argv = argv,
				 .env = locale_c_env,
				 .timeout_ms = APT_TIMEOUT_MS,
				 .errors = &warnings};

	err_try(proc_check(&spec, &output));
	advise_apt_parse(output.buf, updates);
	return NULL;
}

/* This looks at both folders: `apt update` always writes to that of partial downloads. */
void advise_apt_tell_age(const struct root *root, struct str_vec *notes)
{
	static const char *const folders[] = {"/var/lib/apt/lists", "/var/lib/apt/lists/partial"};
	time_t newest = 0;
	struct stat st;

	for (size_t i = 0; i < array_size(folders); i++)
		if (!root_stat(root, folders[i], &st) && st.st_mtime > newest)
			newest = st.st_mtime;

	long days = newest ? (time(NULL) - newest) / (24 * 3600) : 0;

	if (days >= OLD_DAYS)
		vec_push(
			notes,
			xasprintf(
				"apt's package lists are %ld days old; run `apt update` to see newer updates",
				days));
}

struct err *advise_apt_fetch(const struct advise_update *update, const char *dir)
{
	scope_free char *package = xasprintf("%s:%s=%s", update->package, update->arch, update->to);
	const char *const argv[] = {"apt-get", "-q", "download", "--", package, NULL};
	scope_strbuf complaints = STRBUF_INIT;

	/* apt downloads as its own user if the folder's mode permits that. */
	return proc_check(&(struct proc_spec){.argv = argv,
					      .cwd = dir,
					      .env = locale_c_env,
					      .timeout_ms = FETCH_TIMEOUT_MS,
					      .errors = &complaints},
			  NULL);
}
