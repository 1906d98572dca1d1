/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compares levels, reads and writes them, and tells which machines are offered one. */
#include "auto/level.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "advise/version.h"
#include "base/alloc.h"
#include "base/json.h"
#include "base/strbuf.h"

void auto_level_clear(struct auto_level *level)
{
	free(level->version);
	free(level->to);
	*level = (struct auto_level){};
}

void auto_levels_free(struct auto_level_vec *levels)
{
	vec_foreach(levels, it)
		auto_level_clear(it);
	vec_free(levels);
}

struct auto_level auto_level_copy(const struct auto_level *level)
{
	return (struct auto_level){level->source, xstrdup(level->version), xstrdup(level->to),
				   level->phase};
}

/* Returns the length of the source's version: before "-2", "-2+withdrawn1", or rpm's "^2". */
static size_t level_source_length(const char *version)
{
	const char *caret = strrchr(version, '^');
	const char *mark = caret ? caret : strrchr(version, '-');
	size_t digits = mark ? strspn(mark + 1, "0123456789") : 0;
	const char *end = mark ? mark + 1 + digits : version;

	if (!digits || (*end && !str_starts(end, "+withdrawn")))
		return strlen(version);
	return mark - version;
}

struct auto_level auto_level_of_package(const char *version, unsigned phase)
{
	return (struct auto_level){AUTO_REPOSITORY, xstrdup(version),
				   xstrndup(version, level_source_length(version)), phase};
}

struct auto_level auto_level_of_source(const char *version)
{
	return (struct auto_level){AUTO_BUILD, xstrdup(version), xstrdup(version), 100};
}

/* A package's level is later than the source that it was made of, by its own number. */
bool auto_level_is_later(const struct auto_level *a, const struct auto_level *b)
{
	int order = version_compare(a->to, b->to);

	return order ? order > 0 : version_compare(a->version, b->version) > 0;
}

bool auto_level_is_same(const struct auto_level *a, const struct auto_level *b)
{
	return a->source == b->source && !strcmp(a->version, b->version);
}

json_t *auto_level_json(const struct auto_level *level)
{
	return json_pack("{s:s, s:o, s:o, s:i}", "source", auto_source_name(level->source),
			 "version", printable_json(level->version), "to", printable_json(level->to),
			 "phase", (int)level->phase);
}

bool auto_level_parse(const json_t *object, struct auto_level *level)
{
	const char *source, *version, *to;
	int phase;

	if (json_unpack((json_t *)object, "{s:s, s:s, s:s, s:i}", "source", &source, "version",
			&version, "to", &to, "phase", &phase) ||
	    phase < 0 || phase > 100)
		return false;
	for (unsigned i = 0; i <= AUTO_BUILD; i++) {
		if (strcmp(source, auto_source_name(i)))
			continue;
		*level = (struct auto_level){i, xstrdup(version), xstrdup(to), phase};
		return true;
	}
	return false;
}

unsigned auto_ring_of(const char *machine_id)
{
	return XXH64(machine_id, strlen(machine_id), 0) % 100;
}

bool auto_ring_is_offered(unsigned ring, unsigned phase)
{
	return phase >= 100 || ring < phase;
}
