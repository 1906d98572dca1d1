/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shows progress on stderr: a bar on a terminal, otherwise a line for each step with -v. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/printable.h"
#include "base/strbuf.h"
#include "cli/cli.h"

#define REDRAW_SECONDS 0.1
#define LABEL_WIDTH 24
#define TAIL_WIDTH 38
#define MAX_BAR 40

struct bar {
	struct progress progress; /* must be first: the library only knows this part */
	bool lines;		  /* print a line for each finished step */
	bool terminal;
	bool active, drawn;
	char *label;
	enum progress_unit unit;
	uint64_t total, done;
	double started, redrawn;
};

char *cli_bytes(uint64_t bytes)
{
	static const char *const units[] = {"kB", "MB", "GB", "TB"};
	double value = bytes / 1e3;
	size_t unit = 0;

	if (bytes < 1000)
		return xasprintf("%u bytes", (unsigned)bytes);
	while (value >= 999.95 && unit + 1 < array_size(units)) {
		value /= 1e3;
		unit++;
	}
	return xasprintf("%.1f %s", value, units[unit]);
}

char *cli_seconds(double seconds)
{
	if (seconds < 9.95)
		return xasprintf("%.1f s", seconds);

	unsigned whole = seconds + 0.5;

	if (whole < 60)
		return xasprintf("%u s", whole);
	return xasprintf("%u min %u s", whole / 60, whole % 60);
}

bool cli_colours(int fd)
{
	const char *no = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	return isatty(fd) && !(no && *no) && term && strcmp(term, "dumb");
}

static char *amount(const struct bar *bar, uint64_t value)
{
	return bar->unit == PROGRESS_BYTES ? cli_bytes(value)
					   : xasprintf("%llu", (unsigned long long)value);
}

static unsigned columns(void)
{
	struct winsize size;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col < 20)
		return 80;
	return size.ws_col;
}

static void add_bar(const struct bar *bar, struct strbuf *line, unsigned width)
{
	if (width < 10 || !bar->total)
		return;
	if (width > MAX_BAR)
		width = MAX_BAR;

	unsigned full = bar->done >= bar->total ? width : bar->done * (double)width / bar->total;

	strbuf_addch(line, '[');
	for (unsigned i = 0; i < width; i++)
		strbuf_addch(line, i < full ? '#' : '.');
	strbuf_addstr(line, "] ");
}

/* Draws "label [####....] 63.2 MB / 139.4 MB 6.0 s left", cut to the terminal's width. */
static void draw(struct bar *bar)
{
	scope_strbuf line = STRBUF_INIT, tail = STRBUF_INIT;
	scope_free char *done = amount(bar, bar->done), *total = amount(bar, bar->total);
	double elapsed = clock_seconds() - bar->started;
	unsigned width = columns() - 1;

	strbuf_addstr(&tail, done);
	if (bar->total)
		strbuf_addf(&tail, " / %s", total);
	if (bar->total && bar->done && bar->done < bar->total && elapsed > 2) {
		scope_free char *left = cli_seconds(elapsed / bar->done * (bar->total - bar->done));

		strbuf_addf(&tail, "  %s left", left);
	}
	strbuf_addf(&line, "%-*s ", LABEL_WIDTH, bar->label);
	/* The bar reserves room for the longest text behind it, so that it keeps its length. */
	if (width > line.len + TAIL_WIDTH)
		add_bar(bar, &line, width - line.len - TAIL_WIDTH);
	strbuf_addstr(&line, tail.buf);
	cli_fprintf(stderr, "\r\033[K%.*s", (int)width, line.buf);
	fflush(stderr);
	bar->drawn = true;
	bar->redrawn = clock_seconds();
}

static void clear(struct bar *bar)
{
	if (bar->drawn)
		cli_fprintf(stderr, "\r\033[K");
	bar->drawn = false;
}

static void bar_begin(struct progress *progress, const char *label, uint64_t total,
		      enum progress_unit unit)
{
	struct bar *bar = (struct bar *)progress;

	free(bar->label);
	bar->label = xstrdup(label);
	bar->total = total;
	bar->done = 0;
	bar->unit = unit;
	bar->started = clock_seconds();
	bar->active = true;
	if (bar->terminal)
		draw(bar);
}

static void bar_update(struct progress *progress, uint64_t done)
{
	struct bar *bar = (struct bar *)progress;

	bar->done = done;
	if (bar->terminal && clock_seconds() - bar->redrawn >= REDRAW_SECONDS)
		draw(bar);
}

static void bar_end(struct progress *progress)
{
	struct bar *bar = (struct bar *)progress;

	clear(bar);
	if (bar->active && bar->lines) {
		scope_free char *time = cli_seconds(clock_seconds() - bar->started);
		uint64_t steps = bar->total ? bar->total : bar->done;
		scope_free char *size = amount(bar, steps);

		cli_fprintf(stderr, "%-*s %s%s%s\n", LABEL_WIDTH, bar->label, steps ? size : "",
			    steps ? ", " : "", time);
	}
	bar->active = false;
}

static void bar_note(struct progress *progress, const char *message)
{
	struct bar *bar = (struct bar *)progress;

	clear(bar);
	cli_fprintf(stderr, "%s\n", message);
	if (bar->active && bar->terminal)
		draw(bar);
}

static void bar_detail(struct progress *progress, const char *message)
{
	if (((struct bar *)progress)->lines)
		bar_note(progress, message);
}

struct progress *cli_progress_new(int verbosity)
{
	if (verbosity < 0)
		return NULL;

	struct bar *bar = xcalloc(1, sizeof(*bar));
	const char *term = getenv("TERM");

	bar->progress = (struct progress){bar_begin, bar_update, bar_end, bar_note, bar_detail};
	bar->terminal = isatty(STDERR_FILENO) && term && strcmp(term, "dumb");
	/* Without a terminal, each line may be sent as mail by cron. */
	bar->lines = bar->terminal || verbosity > 0;
	return &bar->progress;
}

void cli_progress_free(struct progress *progress)
{
	struct bar *bar = (struct bar *)progress;

	if (!bar)
		return;
	clear(bar);
	free(bar->label);
	free(bar);
}
