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
#define CALLS_AN_OBJECT 32 /* a leak loses at least one object in so many calls */
/* A round ends early once that much is lost, so that a leak does not use up all memory. */
#define PLENTY_KB 1024
#define PLENTY_CALLS 16
/*
 * A round also ends after so many calls for each ms.  In 200 ms, they are twice the calls that lose
 * LEAK_OBJECTS_MIN objects, one in CALLS_AN_OBJECT calls.
 */
#define ENOUGH_CALLS_A_MS 5
/*
 * A round without enough calls is extended, but not by STRETCH_MS or to STRETCH times its length.
 */
#define STRETCH 10
#define STRETCH_MS 4000
#define POLL_MS 5
#define REST_MS 10
#define LOOKS_MAX 12
#define SLABS_TOLD 8

/* The memory and objects that the kernel holds at some time. */
struct level {
	long kb;
	struct slabs slabs;
};

/* The levels before the first round and after each. */
struct series {
	struct level levels[LEVELS_MAX];
	unsigned long calls[LEAK_ROUNDS];
	unsigned count; /* how many levels there are */
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
 * Notes what the kernel holds once all freed memory has been returned, including what waits for a
 * grace period and for callbacks after it: as long as each look finds less, more may be returned.
 */
static void add_level(struct series *series)
{
	struct level *level = &series->levels[series->count];
	long before, now = LONG_MAX;

	/* This also flushes kfree_rcu(), which collects for up to 5 s (kernel/rcu/tree.c). */
	guest_write_text("/proc/sys/vm/drop_caches", "2");
	/* This waits for a grace period, as it calls synchronize_rcu(). */
	syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0);
	for (int looks = 0; looks < LOOKS_MAX; looks++) {
		sleep_ms(REST_MS);
		slabs_read(&level->slabs); /* this also makes the caches return free pages */
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

/*
 * Waits at least least_ms, and for the needed calls up to most_ms; less if memory runs out or if
 * there were enough calls.  Returns the number of calls.
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

/* Runs rounds, each of as many calls as in `like`, or as can be expected in the time. */
static void run_rounds(struct series *series, const struct series *like)
{
	series->count = 0;
	/* The calls themselves need some memory, which must be in use before the first look. */
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

/* Returns whether the cache of that index in the last list grew in each round. */
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
		event_num(ev, KEY_KB, series->levels[i + 1].kb - series->levels[i].kb);
		event_num(ev, KEY_CALLS, series->calls[i]);
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

/* Lists the caches that grew in each round of `series`, and how they grew in `other`. */
static void list_slabs(struct event *ev, const struct series *series, const struct series *other)
{
	const struct slabs *last = &series->levels[series->count - 1].slabs;
	unsigned told = 0;

	event_list(ev, KEY_SLABS);
	for (unsigned i = 0; i < last->count && told < SLABS_TOLD; i++) {
		const char *name = last->slab[i].name;

		if (!slab_is_suspicious(series, i))
			continue;
		event_object(ev);
		event_string(ev, KEY_NAME, name);
		event_num(ev, KEY_PATCHED, slab_sum(series, name));
		event_num(ev, KEY_CONTROL, slab_sum(other, name));
		event_close(ev, '}');
		told++;
	}
	event_close(ev, ']');
}

/*
 * leak MS: measures what the kernel holds before and after each round of hammering; leak 0:
 * measures it again, without the patch, if the measurement before was suspicious.
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
			hammer_set_pace(HAMMER_SLOW); /* the rest of the trial needs no more */
		list_rounds(ev, KEY_PATCHED, &patched);
		return true;
	}
	if (!suspicious)
		return true;
	suspicious = false;
	hammer_set_pace(HAMMER_FAST);
	run_rounds(&control, &patched);
	list_rounds(ev, KEY_PATCHED, &patched);
	list_rounds(ev, KEY_CONTROL, &control);
	list_slabs(ev, &patched, &control);
	event_string(ev, KEY_BY, by);
	return true;
}

/* level first|next: measures what is held; from the third time on, tells the growth in between. */
bool verb_level(const struct step *step, struct event *ev)
{
	static const struct series none;

	if (!strcmp(step->argv[1], ARG_FIRST))
		levels.count = 0;
	if (levels.count == LEVELS_MAX)
		return true;
	add_level(&levels);
	if (levels.count < 3)
		return true;
	list_rounds(ev, KEY_LEVELS, &levels);
	list_slabs(ev, &levels, &none);
	return true;
}
