/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decides whether what guest/leak.c has counted is a leak. */
#include "vm/session_leak.h"

/*
 * Loading and unloading modules takes up to a megabyte of the kernel's memory once.  So it is a
 * leak only if that much is lost from each look to the next, or if a cache grows over so many
 * cycles.
 */
#define LEVEL_KB_MIN 512
#define LEVEL_CYCLES_MIN 10

struct rounds {
	long long kb, calls;
	bool all;    /* each round lost enough for a leak */
	bool enough; /* each round had enough calls */
};

/* Returns a number if it is so small that sums cannot overflow, else 0: guests are not trusted. */
static long long number_of(const json_t *item, const char *key)
{
	long long number = session_event_num(item, key);

	return number > -INT32_MAX && number < INT32_MAX ? number : 0;
}

static struct rounds sum_rounds(const json_t *list)
{
	bool whole = json_array_size(list) >= LEAK_ROUNDS;
	struct rounds sum = {.all = whole, .enough = whole};
	const json_t *item;
	size_t i;

	json_array_foreach(list, i, item)
	{
		long long kb = number_of(item, KEY_KB), calls = number_of(item, KEY_CALLS);

		sum.all &= kb >= LEAK_KB_MIN && calls >= 0;
		sum.enough &= calls >= LEAK_CALLS_MIN;
		sum.kb += kb;
		sum.calls += calls > 0 ? calls : 0;
	}
	return sum;
}

/*
 * Returns whether much less was lost without the patch.  That loss is scaled to the same number of
 * calls, since a slow host may not have had time for as many.
 */
static bool is_leak(long long grown, const struct rounds *patched, long long without,
		    const struct rounds *control)
{
	if (control->calls < patched->calls)
		without = without * patched->calls / control->calls;
	return without < grown / 4;
}

static void leak_fail(struct session *session, const json_t *event, long long calls,
		      const char *lost, const char *without)
{
	session_fail(session,
		     "memory leak: %s were lost in %lld calls of %s, but %s without the patch",
		     lost, calls, session_event_text(event, KEY_BY), without);
	session->damage.spoilt = true; /* that memory is missing for the next module */
}

/* Returns the slab cache that lost most objects, or NULL. */
static const json_t *worst_slab(const json_t *event, const struct rounds *patched,
				const struct rounds *control)
{
	const json_t *item, *worst = NULL;
	size_t i;

	json_array_foreach(json_object_get(event, KEY_SLABS), i, item)
	{
		long long grown = session_event_num(item, KEY_PATCHED);
		long long without = session_event_num(item, KEY_CONTROL);

		if (grown < LEAK_ROUNDS * LEAK_OBJECTS_MIN || grown > INT32_MAX ||
		    without < -INT32_MAX || without > INT32_MAX ||
		    !is_leak(grown, patched, without, control))
			continue;
		if (!worst || grown > session_event_num(worst, KEY_PATCHED))
			worst = item;
	}
	return worst;
}

/* Note that the guest counts without the patch only if the counts with it are suspicious. */
void session_take_leak(struct session *session, const json_t *event)
{
	struct rounds patched = sum_rounds(json_object_get(event, KEY_PATCHED));
	struct rounds control = sum_rounds(json_object_get(event, KEY_CONTROL));
	const json_t *slab;

	if (!patched.enough || !control.calls)
		return;
	slab = worst_slab(event, &patched, &control);

	bool memory = patched.all && is_leak(patched.kb, &patched, control.kb, &control);
	scope_free char *objects =
		slab ? xasprintf("%lld objects of %s", session_event_num(slab, KEY_PATCHED),
				 session_event_text(slab, KEY_NAME))
		     : NULL;

	if (memory) {
		scope_free char *lost = xasprintf("%lld KB%s%s", patched.kb, objects ? " and " : "",
						  objects ? objects : "");
		scope_free char *without = xasprintf("%lld KB", control.kb > 0 ? control.kb : 0);

		leak_fail(session, event, patched.calls, lost, without);
		if (!slab)
			session->damage.leaker = session_module(session);
	} else if (slab) {
		long long others = session_event_num(slab, KEY_CONTROL);
		scope_free char *without = xasprintf("%lld", others > 0 ? others : 0);

		leak_fail(session, event, patched.calls, objects, without);
	}
}

/*
 * There are no counts without the patch to compare with.  So a leak must be large each time, or be
 * in a cache that grew over many loads.
 */
void session_take_level(struct session *session, const json_t *event)
{
	const json_t *rounds = json_object_get(event, KEY_LEVELS), *item;
	const json_t *slab = session->spec->cycles < LEVEL_CYCLES_MIN
				     ? NULL
				     : json_array_get(json_object_get(event, KEY_SLABS), 0);
	long long kb = 0;
	bool all = json_array_size(rounds) > 1;
	size_t i;

	json_array_foreach(rounds, i, item)
	{
		all &= number_of(item, KEY_KB) >= LEVEL_KB_MIN;
		kb += number_of(item, KEY_KB);
	}
	if (slab)
		session_fail(
			session,
			"memory leak: %lld objects of %s were lost by loading and unloading the patch",
			session_event_num(slab, KEY_PATCHED), session_event_text(slab, KEY_NAME));
	else if (all)
		session_fail(session,
			     "memory leak: %lld KB were lost by loading and unloading the patch",
			     kb);
	if (all && !slab)
		session->damage.leaker = session_module(session);
	session->damage.spoilt |= slab || all;
}
