/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parses unit files line by line, as systemd.syntax(7) has it. */
#include "advise/unit_text.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"

const char *const unit_folders[UNIT_FOLDERS] = {
	"/etc/systemd/system.control", "/run/systemd/system.control",
	"/run/systemd/transient",      "/run/systemd/generator.early",
	"/etc/systemd/system",	       "/etc/systemd/system.attached",
	"/run/systemd/system",	       "/run/systemd/system.attached",
	"/run/systemd/generator",      "/usr/local/lib/systemd/system",
	"/usr/lib/systemd/system",     "/lib/systemd/system",
	"/run/systemd/generator.late",
};

/* A line that ends with a backslash goes on in the next one; comments between are left out. */
static void unit_join_lines(char *text)
{
	char *to = text;
	bool on = false;

	while (*text) {
		size_t len = strcspn(text, "\n");
		const char *first = text + strspn(text, " \t");
		bool comment = *first == '#' || *first == ';';
		bool more = len && text[len - 1] == '\\' && !comment;

		if (!on || !comment) {
			memmove(to, text, len);
			to += len;
			to[more ? -1 : 0] = more ? ' ' : '\n';
			to += !more && text[len];
			on = more;
		}
		text += len + (text[len] == '\n');
	}
	*to = '\0';
}

/* Removes the quotation marks around a value. */
static char *unit_unquote(char *value)
{
	size_t len = strlen(value);

	if (len < 2 || (*value != '"' && *value != '\'') || value[len - 1] != *value)
		return value;
	value[len - 1] = '\0';
	return value + 1;
}

void unit_text_read(char *text, unit_text_take take, void *data)
{
	char *save = NULL;
	const char *section = NULL;

	unit_join_lines(text);
	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		char *equals = strchr(line, '=');

		line = str_trim(line);
		if (*line == '[')
			section = line;
		if (!equals || *line == '#' || *line == ';' || *line == '[' || !section)
			continue;
		*equals = '\0';
		take(section, str_trim(line), unit_unquote(str_trim(equals + 1)), data);
	}
}
