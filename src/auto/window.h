/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Times of the week in which something may be done: "Mon..Fri 02:00-05:00; Sun 00:00-12:00". Before
 * the "-" is an expression of systemd.time(7) that ends in a time of day, and systemd itself says
 * when it comes next; behind it is the time of day at which the window closes.
 */
#ifndef SUTURE_AUTO_WINDOW_H
#define SUTURE_AUTO_WINDOW_H

#include <stdint.h>

#include "base/err.h"
#include "base/vec.h"

struct auto_window {
	char *text;  /* as the administrator wrote it; NULL: always open */
	char *where; /* "FILE: line N"; NULL if it is a default */
	struct VEC(struct auto_span {
		char *start; /* for systemd-analyze calendar */
		unsigned seconds;
	}) spans;
};

/* Replaces a window by what the text says; "always" has no spans.  systemd is not asked. */
struct err *auto_window_parse(const char *text, const char *where, struct auto_window *window);
void auto_window_free(struct auto_window *window);

/* Has systemd-analyze check the expressions; an error begins with the line that has them. */
struct err *auto_window_check(const struct auto_window *window);

/*
 * Finds when the window is open: *opens is `now` or earlier if it is open now, else the time at
 * which it opens next, in seconds since 1970; INT64_MAX: it never does.
 */
struct err *auto_window_opens(const struct auto_window *window, int64_t now, int64_t *opens);

/* Reads the time of "Next elapse" that systemd-analyze calendar prints; INT64_MAX for "never". */
struct err *auto_calendar_parse(const char *text, int64_t *when);

#endif
