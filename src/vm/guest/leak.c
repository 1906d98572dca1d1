/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Measures whether the kernel holds ever more memory, or ever more objects of a slab cache. */
#include <limits.h>
#include <linux/membarrier.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "exercise.h"
#include "hammer.h"
#include "pages.h"
#include "slabs.h"
#include "step.h"
#include "util.h"

#define LEVELS_MAX (LEAK_ROUNDS + 1)
#define WARM_UP_MS 150
#define CALLS_AN_OBJECT 32 /* or one in more calls */
/* A round ends early when that much is lost, lest a leak take all memory. */
#define PLENTY_KB 1024
#define PLENTY_CALLS 16
/* It also ends after so many calls for each ms: of 200 ms, they are twice as many as are needed to
 * lose LEAK_OBJECTS_MIN objects, one in CALLS_AN_OBJECT calls.
 */
#define ENOUGH_CALLS_A_MS 5
/* A round without enough calls goes on for up to so many times its length, or that much longer. */
#define STRETCH 10
#define STRETCH_MS 4000
#define POLL_MS 5
#define REST_MS 10
#define LOOKS_MAX 12
#define SLABS_TOLD 8

/* What the kernel holds at some time. */
struct level {
	long kb;
	struct slabs slabs;
};

/* The levels before the first round and after each. */
struct series {
	struct level levels[LEVELS_MAX];
	unsigned long calls[LEAK_ROUNDS];
	unsigned count; /* of levels */
};

static struct series patched, control, levels;
static unsigned round_ms;

static long all_objects(const struct slabs *slabs)
{
	long sum = 0;

	for (unsigned i = 0; i < slabs->count; i++)
		sum += slabs->slab[i].objects;
	return sum;
}

/*
 * Looks at what the kernel holds once all that was freed is gone, also what waits for a grace
 * period and for callbacks behind it: as long as there is less at each look, something is still to
 * go.
 */
static void add_level(struct series *series)
{
	struct level *level = &series->levels[series->count];
	long before, now = LONG_MAX;

	/* This also empties kfree_rcu(), which collects for up to five seconds (kernel/rcu/tree.c).
	 */
	guest_write_text("/proc/sys/vm/drop_caches", "2");
	syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0); /* synchronize_rcu() */
	for (int looks = 0; looks < LOOKS_MAX; looks++) {
		sleep_ms(REST_MS);
		slabs_read(&level->slabs); /* which also gives pages back */
		before = now;
		now = all_objects(&level->slabs);
		if (now >= before)
			break;
	}
	level->kb = pages_kernel_kb();
	series->count++;
}

static void add_level_at_rest(struct series *series)
{
	enum hammer_pace pace = hammer_set_pace(HAMMER_REST);

	add_level(series);
	hammer_set_pace(pace);
}

/* Waits for so long and so many calls, if they come in time; less when memory runs out or the calls
 * are enough.
 */
static unsigned long wait_calls(unsigned least_ms, unsigned most_ms, unsigned long needed,
				unsigned long enough)
{
	unsigned long first = hammer_calls(), done;
	uint64_t start = now_ms(), passed;
	long plenty_kb = pages_kernel_kb() + PLENTY_KB;

	do {
		sleep_ms(POLL_MS);
		passed = now_ms() - start;
		done = hammer_calls() - first;
	} while ((passed < least_ms || done < needed) && passed < most_ms && done < enough &&
		 (done < PLENTY_CALLS || pages_kernel_kb() < plenty_kb));
	return done;
}

static unsigned stretch(unsigned ms)
{
	return ms * STRETCH < ms + STRETCH_MS ? ms * STRETCH : ms + STRETCH_MS;
}

static unsigned long calls_in(unsigned ms)
{
	unsigned long calls = hammer_calls_in(ms);

	return calls > LEAK_CALLS_MIN ? calls : LEAK_CALLS_MIN;
}

/* Runs rounds of as many calls as those of `like`, or as can be expected in the time. */
static void run_rounds(struct series *series, const struct series *like)
{
	series->count = 0;
	/* The work itself takes some memory, which has to be there before the first look. */
	wait_calls(WARM_UP_MS, stretch(WARM_UP_MS), calls_in(WARM_UP_MS),
		   WARM_UP_MS * ENOUGH_CALLS_A_MS);
	add_level_at_rest(series);
	for (int i = 0; i < LEAK_ROUNDS; i++) {
		unsigned long first = hammer_calls();

		if (like)
			wait_calls(0, stretch(round_ms), like->calls[i], ULONG_MAX);
		else
			wait_calls(round_ms, stretch(round_ms), calls_in(round_ms),
				   round_ms * ENOUGH_CALLS_A_MS);
		series->calls[i] = hammer_calls() - first;
		add_level_at_rest(series);
	}
}

/* Whether each round left something in the cache that is at that place of the last list. */
static bool slab_is_suspicious(const struct series *series, unsigned at)
{
	const char *name = series->levels[series->count - 1].slabs.slab[at].name;

	for (unsigned round = 0; round + 1 < series->count; round++) {
		const struct slabs *before = &series->levels[round].slabs;
		const struct slabs *after = &series->levels[round + 1].slabs;
		long grown = slabs_objects(after, name, at) - slabs_objects(before, name, at);

		if (grown < LEAK_OBJECTS_MIN ||
		    grown < (long)(series->calls[round] / CALLS_AN_OBJECT))
			return false;
	}
	return series->count > 1;
}

static bool kb_is_suspicious(const struct series *series)
{
	for (unsigned round = 0; round + 1 < series->count; round++)
		if (series->levels[round + 1].kb - series->levels[round].kb < LEAK_KB_MIN)
			return false;
	return series->count > 1;
}

static bool is_suspicious(const struct series *series)
{
	const struct slabs *last = &series->levels[series->count - 1].slabs;

	for (unsigned i = 0; i < last->count; i++)
		if (slab_is_suspicious(series, i))
			return true;
	return kb_is_suspicious(series);
}

static void list_rounds(struct event *ev, const char *key, const struct series *series)
{
	event_list(ev, key);
	for (unsigned i = 0; i + 1 < series->count; i++) {
		event_object(ev);
		event_num(ev, "kb", series->levels[i + 1].kb - series->levels[i].kb);
		event_num(ev, "calls", series->calls[i]);
		event_close(ev, '}');
	}
	event_close(ev, ']');
}

static long slab_sum(const struct series *series, const char *name)
{
	return series->count < 2
		       ? 0
		       : slabs_objects(&series->levels[series->count - 1].slabs, name, 0) -
				 slabs_objects(&series->levels[0].slabs, name, 0);
}

/* Lists the caches that each round of `series` left something in, and what `other` left there. */
static void list_slabs(struct event *ev, const struct series *series, const struct series *other)
{
	const struct slabs *last = &series->levels[series->count - 1].slabs;
	unsigned told = 0;

	event_list(ev, "slabs");
	for (unsigned i = 0; i < last->count && told < SLABS_TOLD; i++) {
		const char *name = last->slab[i].name;

		if (!slab_is_suspicious(series, i))
			continue;
		event_object(ev);
		event_text(ev, "name", name, strlen(name));
		event_num(ev, "patched", slab_sum(series, name));
		event_num(ev, "control", slab_sum(other, name));
		event_close(ev, '}');
		told++;
	}
	event_close(ev, ']');
}

/*
 * leak MS: measures what the kernel holds before and after each round of hammering.
 * leak 0: if that was suspicious, measures the same again, now without the patch.
 */
bool verb_leak(const struct step *step, struct event *ev)
{
	unsigned ms = atoi(step->argv[1]);
	const char *by = aim_count() ? aim_name(0) : "everything";
	static bool suspicious;

	if (ms) {
		round_ms = ms;
		run_rounds(&patched, NULL);
		suspicious = is_suspicious(&patched);
		if (suspicious)
			hammer_set_pace(HAMMER_SLOW); /* the rest of the trial works as well */
		list_rounds(ev, "patched", &patched);
		return true;
	}
	if (!suspicious)
		return true;
	suspicious = false;
	hammer_set_pace(HAMMER_FAST);
	run_rounds(&control, &patched);
	list_rounds(ev, "patched", &patched);
	list_rounds(ev, "control", &control);
	list_slabs(ev, &patched, &control);
	event_text(ev, "by", by, strlen(by));
	return true;
}

/* level first|next: looks at what is held; from the third look on, tells the growth between looks.
 */
bool verb_level(const struct step *step, struct event *ev)
{
	static const struct series none;

	if (!strcmp(step->argv[1], "first"))
		levels.count = 0;
	if (levels.count == LEVELS_MAX)
		return true;
	add_level(&levels);
	if (levels.count < 3)
		return true;
	list_rounds(ev, "levels", &levels);
	list_slabs(ev, &levels, &none);
	return true;
}
