/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Parses windows of time.  What an expression of the calendar means is left to systemd-analyze: it
 * knows time zones, leap days and the change to daylight saving time.
 */
#include "auto/window.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/alloc.h"
#include "base/proc.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "base/locale.h"

#define CALENDAR_TIMEOUT_MS 20000
#define DAY_MINUTES (24 * 60)

void auto_window_free(struct auto_window *window)
{
	vec_foreach(&window->spans, it)
		free(it->start);
	vec_free(&window->spans);
	free(window->text);
	free(window->where);
	*window = (struct auto_window){};
}

/* Reads "HH:MM" that is the whole text; returns minutes, or -1. */
static int window_minutes(const char *text)
{
	unsigned hours, minutes;
	int len = 0;

	if (sscanf(text, "%2u:%2u%n", &hours, &minutes, &len) != 2 || text[len] || len < 4 ||
	    hours > 24 || minutes > 59 || hours * 60 + minutes > DAY_MINUTES)
		return -1;
	return hours * 60 + minutes;
}

static struct err *window_parse_span(char *text, struct auto_window *window)
{
	char *span = str_trim(text), *dash = strrchr(span, '-');
	scope_free char *whole = xstrdup(span);
	int from = -1, to = -1;

	if (dash) {
		*dash = '\0';
		str_trim(span);

		char *blank = strrchr(span, ' ');

		from = window_minutes(blank ? blank + 1 : span);
		to = window_minutes(str_trim(dash + 1));
	}
	if (from < 0 || from == DAY_MINUTES || to < 0)
		return err_new(
			"'%s' is not a window such as 'Mon..Fri 02:00-05:00': it has to end in a time of day, '-', and a time of day",
			whole);

	struct auto_span found = {xstrdup(span),
				  60 * (to > from ? to - from : to - from + DAY_MINUTES)};

	vec_push(&window->spans, found);
	return NULL;
}

struct err *auto_window_parse(const char *text, const char *where, struct auto_window *window)
{
	scope_cleanup(auto_window_free) struct auto_window read = {
		.text = xstrdup(text), .where = where ? xstrdup(where) : NULL};
	scope_free char *copy = xstrdup(text);
	char *save = NULL;

	if (strcmp(text, "always")) {
		for (char *span = strtok_r(copy, ";", &save); span;
		     span = strtok_r(NULL, ";", &save))
			err_try(window_parse_span(span, &read));
		if (!read.spans.len)
			return err_new("a window or 'always' is expected");
	}

	struct auto_window old = *window;

	*window = read;
	read = old;
	return NULL;
}

/* Reads "Mon 2026-11-30 02:00:00 UTC". */
static bool calendar_read_time(const char *text, int64_t *when)
{
	struct tm tm = {};
	const char *end = strptime(text, "%a %Y-%m-%d %H:%M:%S", &tm);

	if (!end || strcmp(end, " UTC"))
		return false;
	*when = timegm(&tm);
	return true;
}

/* The line "(in UTC)" is there unless the local time is UTC. */
struct err *auto_calendar_parse(const char *text, int64_t *when)
{
	static const char *const labels[] = {"Next elapse:", "(in UTC):"};
	scope_free char *copy = xstrdup(text);
	bool found = false;
	char *save = NULL;

	for (char *line = strtok_r(copy, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		char *words = str_trim(line);

		for (size_t i = 0; i < array_size(labels); i++) {
			if (!str_starts(words, labels[i]))
				continue;

			char *value = str_trim(words + strlen(labels[i]));

			if (!strcmp(value, "never")) {
				*when = INT64_MAX;
				return NULL;
			}
			found |= calendar_read_time(value, when);
		}
	}
	if (!found)
		return err_new("systemd-analyze calendar printed no time in UTC");
	return NULL;
}

/* Asks when an expression comes next after a time. */
static struct err *calendar_next(const char *expression, int64_t after, int64_t *when)
{
	scope_free char *base = xasprintf("--base-time=@%lld", (long long)after);
	const char *const argv[] = {"systemd-analyze", "calendar", base, "--", expression, NULL};
	scope_strbuf output = STRBUF_INIT, errors = STRBUF_INIT;

	err_try(proc_check(&(struct proc_spec){.argv = argv,
					       .env = locale_c_env,
					       .timeout_ms = CALENDAR_TIMEOUT_MS,
					       .errors = &errors},
			   &output));
	return auto_calendar_parse(output.buf, when);
}

struct err *auto_window_check(const struct auto_window *window)
{
	vec_foreach(&window->spans, it) {
		int64_t when;
		struct err *err = calendar_next(it->start, 0, &when);

		if (window->where)
			err = err_wrap(err, "%s", window->where);
		err_try(err);
	}
	return NULL;
}

struct err *auto_window_opens(const struct auto_window *window, int64_t now, int64_t *opens)
{
	*opens = window->spans.len ? INT64_MAX : now;
	vec_foreach(&window->spans, it) {
		int64_t when;

		err_try(calendar_next(it->start, now - it->seconds, &when));
		if (when < *opens)
			*opens = when;
	}
	return NULL;
}
