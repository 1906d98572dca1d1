/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What `suture auto` remembers of a machine between two calls: /var/lib/suture/auto/state.json,
 * which appears by rename, so that a call that was cut off leaves the state before it or the one
 * after it.
 */
#ifndef SUTURE_AUTO_STATE_H
#define SUTURE_AUTO_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "auto/level.h"
#include "auto/step.h"
#include "base/root.h"
#include "live/live.h"

#define AUTO_DIR LIVE_STATE "/auto"

/* A level that is not tried again on this machine. */
struct auto_bad {
	struct auto_level level;
	char *kernel; /* the release that it was for */
	char *why;
	bool rolled_back; /* if false, it was refused */
};

/* The module of the level, once it is there. */
struct auto_module {
	char *path;   /* the file */
	char *name;   /* as the kernel spells it */
	char *digest; /* digest of the file's contents, by which patches are blocked */
	bool equivalent;
	unsigned changed, patched; /* functions that the update changes, and that it carries */
};

struct auto_state {
	enum auto_step step;
	int64_t since; /* when it came to the step; all times are in seconds since 1970 */
	char *kernel;  /* the release that ran then */
	char *boot_id;
	bool has_level;
	struct auto_level level;
	bool has_settled;
	struct auto_level settled; /* the last level that came to AUTO_SETTLED on this kernel */
	struct auto_module module; /* its strings are NULL before AUTO_BUILT */
	int64_t seen_at;	   /* when the level was first seen */
	enum auto_action doing;	   /* what a call that was cut off was doing */
	enum auto_step resume;	   /* if AUTO_FAILED: the step whose action failed */
	unsigned failures;	   /* how often that action failed in a row */
	int64_t next_try;
	int64_t watch_until;
	int64_t log_from; /* the record of the kernel's log with which the watch began; 0: unknown
			   */
	int64_t taint;	  /* the kernel's taint flags when the watch began */
	struct VEC(struct auto_bad) bad;
	unsigned rollbacks; /* how many loads in a row were rolled back */
	bool observe;	    /* after two rollbacks in a row: nothing more is loaded */
	char *why;	    /* of the last decision; never NULL */
};

void auto_state_free(struct auto_state *state);
#define scope_auto_state __attribute__((cleanup(auto_state_free))) struct auto_state

/* Begins a state without a level, for a machine that runs this kernel. */
void auto_state_begin(struct auto_state *state, const char *kernel, const char *boot_id,
		      int64_t now);

/* Reads the state; *there is false if there is none yet.  A damaged file is an error. */
struct err *auto_state_read(const struct root *root, struct auto_state *state, bool *there);
struct err *auto_state_write(const struct root *root, const struct auto_state *state);

/* Returns the step whose work counts: a failed one keeps what it had. */
enum auto_step auto_state_at(const struct auto_state *state);

/* Returns the module as an object, or null if there is none. */
json_t *auto_module_json(const struct auto_module *module);

/* Forgets level and module, but not what was bad. */
void auto_state_drop_level(struct auto_state *state);
void auto_module_clear(struct auto_module *module);

/* Sets the reason of the last decision. */
void auto_state_set_why(struct auto_state *state, const char *why);

/* Remembers that a level is not tried again for the kernel that the state is about. */
void auto_state_add_bad(struct auto_state *state, const char *why, bool rolled_back);

/*
 * Returns what was wrong with a level or one that it does not succeed, or NULL.  A level that was
 * rolled back bars all that are not later, whoever offers them; one that was refused only itself.
 */
const struct auto_bad *auto_state_bars(const struct auto_state *state, const char *kernel,
				       const struct auto_level *level);

#endif
