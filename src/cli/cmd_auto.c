/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Implements `suture auto`: live patching by a policy, without anybody at the machine. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "auto/auto.h"
#include "base/clock.h"
#include "base/interrupt.h"
#include "base/nearest.h"
#include "cli/auto_views.h"
#include "cli/commands.h"
#include "cli/live_options.h"
#include "live/live.h"

#define RELEASE_WAIT_MS 60000

/* What all subcommands read first. */
struct auto_setting {
	struct root *root;
	struct auto_policy policy;
};

static void auto_setting_free(struct auto_setting *setting)
{
	root_free(setting->root);
	auto_policy_free(&setting->policy);
}

static struct err *auto_setting_read(const struct cli_args *args, struct auto_setting *setting)
{
	err_try(cli_root(args, &setting->root));
	return auto_policy_read(setting->root, cli_option(args, "config"), &setting->policy);
}

static struct err *auto_check_root(void)
{
	return geteuid() ? live_not_root() : NULL;
}

/* Waits for nobody: a run can take as long as a build. */
static struct err *auto_lock_now(const struct root *root, int *lock)
{
	err_try(auto_lock(root, lock));
	return *lock >= 0 ? NULL : err_new("another 'suture auto run' is running; try again later");
}

/* Waits a little for a run that only looks; one that builds takes too long to wait for. */
static struct err *auto_lock_soon(const struct cli *cli, const struct root *root, int *lock)
{
	uint64_t end = clock_ms() + RELEASE_WAIT_MS;
	bool told = false;

	for (;;) {
		err_try(auto_lock(root, lock));
		if (*lock >= 0 || clock_ms() >= end)
			break;
		if (interrupt_pending())
			return interrupt_error();
		if (!told)
			progress_detail(cli->progress, "waiting for a 'suture auto run' to end");
		told = true;
		usleep(200000);
	}
	return *lock >= 0 ? NULL : err_new("'suture auto run' is running; try again later");
}

/* A container's kernel is the host's, which the host looks after. */
static struct err *auto_check_machine(const struct root *root)
{
	scope_live_machine machine = NULL;

	err_try(live_machine_read(root, &machine));
	if (machine->container)
		return err_code_new(
			ERR_REFUSED,
			"this is a container (%s), and its kernel is the host's: run 'suture auto' there",
			machine->container);
	return NULL;
}

static struct err *auto_answer_run(const struct cli *cli, const struct auto_state *state,
				   const struct auto_outcome *outcome)
{
	if (cli->json)
		return cli_json(cli, json_pack("{s:s, s:s, s:i, s:s, s:I, s:o, s:b}", "step",
					       auto_step_name(state->step), "why", outcome->why,
					       "events", (int)outcome->events, "due",
					       auto_action_name(outcome->due), "until",
					       (json_int_t)outcome->until, "reboot",
					       printable_json(outcome->reboot), "rebooting",
					       outcome->rebooting));
	cli_print("%s: %s", auto_step_name(state->step), outcome->why);
	if (outcome->due != AUTO_DO_NOTHING)
		cli_print("due: %s", auto_action_name(outcome->due));
	if (outcome->reboot)
		cli_print("reboot: %s", outcome->reboot);
	return NULL;
}

static struct err *auto_run_loop(const struct cli *cli, const struct cli_args *args,
				 const struct auto_setting *setting)
{
	bool dry_run = cli_option(args, "dry-run");
	struct auto_here here = {setting->root, cli->progress};
	struct auto_world world = auto_world_of(&here);
	struct auto_run run = {setting->root, &setting->policy, &world, dry_run};
	scope_auto_state state = {};
	scope_auto_outcome outcome = {};
	scope_free char *kernel = root_read_line(setting->root, "/proc/sys/kernel/osrelease");
	scope_free char *missing = NULL;
	scope_close int lock = -1;

	if (!dry_run) {
		err_try(auto_check_root());
		err_try(auto_check_machine(setting->root));
		err_try(auto_lock_now(setting->root, &lock));
		err_try(auto_world_keep_sources(&here, &setting->policy, kernel ? kernel : "",
						&missing));
		if (missing)
			progress_note(cli->progress,
				      "this machine lacks what building for %s needs: %s", kernel,
				      missing);
	}
	err_try(auto_run(&run, &state, &outcome));
	return auto_answer_run(cli, &state, &outcome);
}

static struct err *auto_show_status(const struct cli *cli, const struct cli_args *args,
				    const struct auto_setting *setting)
{
	struct auto_here here = {setting->root, NULL};
	struct auto_world world = auto_world_of(&here);
	struct auto_run run = {setting->root, &setting->policy, &world, true};
	scope_auto_state state = {};
	scope_auto_outcome outcome = {};
	scope_auto_effective effective = {};
	scope_free char *hold = NULL;
	struct auto_report report = {.policy = &setting->policy,
				     .state = &state,
				     .effective = &effective,
				     .ring = auto_machine_ring(setting->root, &setting->policy)};

	err_try(auto_run(&run, &state, &outcome));
	err_try(auto_effective_read(setting->root, &effective));
	auto_hold_read(setting->root, &hold, NULL);
	report.hold = hold;
	if (cli_option(args, "prometheus"))
		err_try(cli_auto_view_metrics(cli, cli_option(args, "prometheus"), &report));
	if (cli->json) {
		json_t *object = auto_report_json(&report);

		json_object_set_new(object, "next", json_string(auto_action_name(outcome.due)));
		json_object_set_new(object, "next_at", json_integer(outcome.until));
		json_object_set_new(object, "waits", printable_json(outcome.why));
		json_object_set_new(object, "reboot", printable_json(outcome.reboot));
		return cli_json(cli, object);
	}
	if (!cli_option(args, "prometheus"))
		cli_auto_view_status(&report, &outcome);
	return NULL;
}

/* For prompts and messages of the day: nothing is asked that takes longer than reading files. */
static struct err *auto_show_short(const struct cli *cli, const struct cli_args *args)
{
	scope_root root = NULL;
	scope_auto_effective effective = {};

	err_try(cli_root(args, &root));
	err_try(auto_effective_read(root, &effective));

	scope_free char *text = auto_effective_text(&effective);

	if (cli->json)
		return cli_json(cli, json_pack("{s:o, s:o, s:o, s:b}", "text", printable_json(text),
					       "version", printable_json(effective.version), "to",
					       printable_json(effective.to), "equivalent",
					       effective.equivalent));
	cli_print("%s", text);
	return NULL;
}

static struct err *auto_status(const struct cli *cli, const struct cli_args *args)
{
	scope_cleanup(auto_setting_free) struct auto_setting setting = {};

	if (cli_option(args, "short"))
		return auto_show_short(cli, args);
	err_try(auto_setting_read(args, &setting));
	return auto_show_status(cli, args, &setting);
}

static struct err *auto_loop(const struct cli *cli, const struct cli_args *args)
{
	scope_cleanup(auto_setting_free) struct auto_setting setting = {};

	if (cli_option(args, "root") && !cli_option(args, "dry-run"))
		return err_code_new(ERR_USAGE,
				    "run works on this machine only: --root needs --dry-run");
	err_try(auto_setting_read(args, &setting));
	return auto_run_loop(cli, args, &setting);
}

static struct err *auto_history(const struct cli *cli, const struct cli_args *args)
{
	scope_root root = NULL;
	scope_json entries = NULL;

	err_try(cli_root(args, &root));
	err_try(auto_history_read(root, &entries));
	if (cli->json)
		return cli_json(cli, json_pack("{s:O}", "entries", entries));
	cli_auto_view_history(entries);
	if (!json_array_size(entries))
		cli_printf("nothing was decided yet\n");
	return NULL;
}

static struct err *auto_hold(const struct cli *cli, const struct cli_args *args)
{
	const char *why = args->argc > 1 ? args->argv[1] : "";
	scope_root root = NULL;

	err_try(cli_root(args, &root));
	if (root_is_machine(root))
		err_try(auto_check_root());
	err_try(auto_hold_write(root, why));
	if (cli->json)
		return cli_json(cli,
				json_pack("{s:b, s:o}", "held", 1, "why", printable_json(why)));
	cli_printf("'suture auto' is on hold: nothing is done until 'suture auto release'\n");
	return NULL;
}

/*
 * Brings a held or damaged state back to where a level can be taken; what was bad stays known,
 * unless the state is damaged.
 */
static struct err *auto_release_state(const struct root *root)
{
	scope_auto_state state = {};
	scope_auto_effective effective = {};
	scope_free char *boot_id = root_read_line(root, "/proc/sys/kernel/random/boot_id");
	struct auto_facts facts = {.now = time(NULL), .boot_id = boot_id ? boot_id : (char *)""};
	bool there;
	struct err *damaged = auto_state_read(root, &state, &there);

	if (!damaged && !there)
		return NULL;
	err_try(auto_effective_read(root, &effective));
	if (damaged)
		auto_state_begin(&state, effective.kernel, facts.boot_id, facts.now);
	err_free(damaged);

	enum auto_step from = state.step;

	if (from == AUTO_HELD)
		auto_apply(&state, AUTO_EV_RELEASED, NULL, &facts, "released by the administrator");
	else
		auto_state_set_why(&state, "released by the administrator");
	state.observe = false;
	state.rollbacks = 0;
	err_try(auto_state_write(root, &state));
	if (from == AUTO_HELD)
		err_try(auto_mark_remove(root));
	return auto_history_add(root, from, &state, facts.now);
}

/* A damaged mark is removed with the rest: its error has named `release` as the remedy. */
static void auto_release_mark(const struct root *root)
{
	bool down;
	struct err *damaged = auto_mark_read(root, "", &down);

	if (damaged)
		err_free(auto_mark_remove(root));
	err_free(damaged);
}

static struct err *auto_release(const struct cli *cli, const struct cli_args *args)
{
	scope_root root = NULL;
	scope_close int lock = -1;

	err_try(cli_root(args, &root));
	if (root_is_machine(root))
		err_try(auto_check_root());
	err_try(auto_lock_soon(cli, root, &lock));
	err_try(auto_release_state(root));
	auto_release_mark(root);
	err_try(auto_hold_remove(root));
	if (cli->json)
		return cli_json(cli, json_pack("{s:b}", "held", 0));
	cli_printf("released; blocked live patches stay blocked until 'suture unlock'\n");
	return NULL;
}

static const struct auto_verb {
	const char *name;
	struct err *(*run)(const struct cli *cli, const struct cli_args *args);
	int max_args;
} auto_verbs[] = {
	{"run", auto_loop, 1},	{"status", auto_status, 1},   {"history", auto_history, 1},
	{"hold", auto_hold, 2}, {"release", auto_release, 1},
};

static struct err *auto_command(const struct cli *cli, const struct cli_args *args, int *status)
{
	const char *names[array_size(auto_verbs) + 1] = {};
	unsigned i;

	(void)status;
	for (i = 0; i < array_size(auto_verbs); i++)
		names[i] = auto_verbs[i].name;

	scope_free char *why = nearest_choose(args->argv[0], names, &i);

	if (why)
		return err_code_new(ERR_USAGE, "auto: %s", why);
	if (args->argc > auto_verbs[i].max_args)
		return err_code_new(ERR_USAGE, "'auto %s' takes no argument '%s'", args->argv[0],
				    args->argv[auto_verbs[i].max_args]);
	return auto_verbs[i].run(cli, args);
}

static const struct cli_option auto_options[] = {
	{"dry-run", 0, NULL, "run: say what would be done now, and do nothing"},
	{"config", 0, "FILE", "read this policy instead of /etc/suture/auto.conf"},
	{"short", 0, NULL, "status: print only which version the kernel is at"},
	{"prometheus", 0, "FILE",
	 "status: write metrics for node_exporter's textfile collector; -: print them"},
	{"root", 0, "DIR", "read the system below this folder"},
	{},
};

const struct command cmd_auto = {
	.name = "auto",
	.summary = "keep the running kernel patched, by a policy",
	.args = "[options] run|status|history|hold [REASON]|release",
	.min_args = 1,
	.max_args = 2,
	.changes = true,
	.changes_with = (const char *const[]){"run", "hold", "release", NULL},
	.options = auto_options,
	.help = "An update of the kernel becomes a live patch, from a repository or built here, and\n"
		"is tested, loaded and watched, as /etc/suture/auto.conf allows: see\n"
		"suture-auto.conf(5).  By default, updates are only observed.\n"
		"  run      do what is due, and end\n"
		"  status   show what runs, what is next and when, and what it waits for\n"
		"  history  show each decision with its reason\n"
		"  hold     do nothing until release\n"
		"  release  resume, even after rollbacks or a crash\n"
		"suture-auto.timer runs it: systemctl enable --now suture-auto.timer\n",
	.example = "suture auto run --dry-run",
	.run = auto_command,
};
