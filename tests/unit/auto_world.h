/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Made-up machines for the loop of `suture auto`: a folder of state, and a world in memory. */
#ifndef SUTURE_TESTS_AUTO_WORLD_H
#define SUTURE_TESTS_AUTO_WORLD_H

#include "auto/auto.h"
#include "base/tempdir.h"
#include "ship/levels.h"
#include "unit.h"

#define HOUR 3600

/* A machine of the test, and what is done to it. */
struct machine {
	char *dir, *id;
	struct root *root;
	unsigned ring;
	const char *boot;      /* the id of its boot */
	char live[32];	       /* the version that a live patch carries */
	const char *effective; /* what a live patch makes of its kernel */
	const char *loaded;    /* the version of the level that is loaded; or NULL */
	const char *installed; /* what the next boot loads */
	const char *blocked;   /* the version that is blocked; or NULL */
	const char *mark;      /* the boot in which the mark was made; or NULL */
	const char *offer;     /* of the archive; or NULL */
	const char *hold;
	const char *bad;     /* the version that makes machines sick */
	const char *refused; /* the version whose trial fails */
	bool offline;	     /* nothing can be fetched */
	unsigned loads, undone, told, reboots;
	bool reboot_due;
	int64_t window, reboot_window;
	enum auto_action cut; /* the power goes while this is being done */
	struct auto_policy policy;
};

/* The repository and the clock are common to all machines. */
static struct ship_levels repository;
static int64_t now;

static inline void world_offers(const struct machine *machine, struct auto_facts *facts)
{
	if (machine->offer)
		vec_push(&facts->offers, auto_level_of_source(machine->offer));
	for (size_t i = repository.list.len; i-- > 0;) {
		const struct ship_level *level = &repository.list.data[i];

		if (!ship_level_is_served(&repository, level))
			continue;
		vec_push(&facts->offers, auto_level_of_package(level->version, level->phase));
		break;
	}
}

static inline struct err *world_look(void *data, const struct auto_policy *policy,
				     const struct auto_state *state, struct auto_facts *facts)
{
	struct machine *machine = data;
	const char *version = state->has_level ? state->level.version : "";
	bool loaded = machine->loaded && !strcmp(machine->loaded, version);

	(void)policy;
	facts->now = now;
	facts->kernel = xstrdup("6.1.0-56-amd64");
	facts->boot_id = xstrdup(machine->boot);
	facts->version = xstrdup("6.1.192-2");
	facts->effective = xstrdup(machine->effective);
	facts->ring = machine->ring;
	facts->loaded = loaded;
	facts->blocked = machine->blocked && !strcmp(machine->blocked, version)
				 ? xstrdup("it was blocked")
				 : NULL;
	facts->went_down = machine->mark && strcmp(machine->mark, machine->boot);
	facts->hold = machine->hold ? xstrdup(machine->hold) : NULL;
	facts->sick = loaded && machine->bad && !strcmp(machine->bad, version)
			      ? xstrdup("BUG: unable to handle page fault")
			      : NULL;
	facts->window = machine->window;
	facts->reboot_window = machine->reboot_window;
	facts->reboot_due = machine->reboot_due;
	facts->open = 7;
	world_offers(machine, facts);
	return NULL;
}

static inline struct err *world_act(void *data, const struct auto_policy *policy,
				    enum auto_action action, struct auto_state *state,
				    struct auto_result *result)
{
	struct machine *machine = data;
	const char *version = state->level.version;

	(void)policy;
	if (machine->cut == action && action != AUTO_DO_LOAD)
		return err_code_new(ERR_INTERRUPTED, "the power went");
	if (action == AUTO_DO_GET && machine->offline)
		return err_new("the archive cannot be reached");
	if (action == AUTO_DO_MAKE)
		state->module = (struct auto_module){
			.path = xstrdup("/x.ko"), .name = xstrdup("x"), .digest = xstrdup("00")};
	if (action == AUTO_DO_TRY && machine->refused && !strcmp(machine->refused, version))
		*result = (struct auto_result){AUTO_EV_REFUSED, xstrdup("the trial failed")};
	if (action == AUTO_DO_LOAD) {
		ck_assert_ptr_nonnull(machine->mark);
		machine->loads++;
		free((void *)machine->loaded);
		machine->loaded = xstrdup(version);
		snprintf(machine->live, sizeof(machine->live), "%s", state->level.to);
		machine->effective = machine->live;
		if (machine->cut == action)
			return err_code_new(ERR_INTERRUPTED, "the power went");
	}
	if (action == AUTO_DO_WATCH)
		state->watch_until = now + HOUR;
	if (action == AUTO_DO_SETTLE)
		machine->installed = "x";
	return NULL;
}

static inline void machine_unload(struct machine *machine)
{
	free((void *)machine->loaded);
	machine->loaded = NULL;
	machine->effective = "6.1.192-2";
}

static inline struct err *world_undo(void *data, struct auto_state *state, const char *why)
{
	struct machine *machine = data;

	(void)state;
	(void)why;
	machine_unload(machine);
	machine->undone++;
	return NULL;
}

static inline struct err *world_mark(void *data, const struct auto_state *state, bool there)
{
	struct machine *machine = data;

	(void)state;
	machine->mark = there ? machine->boot : NULL;
	return NULL;
}

static inline void world_tell(void *data, const struct auto_policy *policy,
			      const struct auto_state *state, const struct auto_facts *facts,
			      enum auto_step from)
{
	(void)policy;
	(void)state;
	(void)facts;
	(void)from;
	((struct machine *)data)->told++;
}

static inline struct err *world_reboot(void *data, char **why)
{
	struct machine *machine = data;

	*why = machine->hold ? xstrdup("it is inhibited") : NULL;
	machine->reboots += !machine->hold;
	return NULL;
}

static inline void machine_open(struct machine *machine, const char *id)
{
	scope_free char *conf = xstrdup("mode = apply\n");

	*machine = (struct machine){.id = xstrdup(id),
				    .ring = auto_ring_of(id),
				    .boot = "boot-1",
				    .effective = "6.1.192-2",
				    .cut = AUTO_DO_NOTHING};
	ck_assert_ok(dir_temp(dir_for_temp(), "suture-auto", &machine->dir));
	ck_assert_ok(root_open(machine->dir, &machine->root));
	auto_policy_default(&machine->policy);
	ck_assert_ok(auto_policy_parse("conf", conf, &machine->policy));
}

static inline void machine_close(struct machine *machine)
{
	free((void *)machine->loaded);
	free(machine->id);
	auto_policy_free(&machine->policy);
	root_free(machine->root);
	dir_temp_cleanup(&machine->dir);
}

/* Runs the loop once; returns the step to which it came, or -1 if the power went. */
static inline int machine_run(struct machine *machine)
{
	struct auto_world world = {machine,    world_look, world_act,	world_undo,
				   world_mark, world_tell, world_reboot};
	struct auto_run run = {.root = machine->root, .policy = &machine->policy, .world = &world};
	scope_auto_state state = {};
	scope_auto_outcome outcome = {};
	struct err *err = auto_run(&run, &state, &outcome);
	enum auto_step step = state.step;

	if (err && err_code(err) == ERR_INTERRUPTED) {
		err_free(err);
		return -1;
	}
	ck_assert_ok(err);
	return step;
}

#endif
