/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The loop of `suture auto`: its table, its state on the disk, and whole runs on made-up machines.
 */
#include "auto_world.h"
#include "auto/offers.h"
#include "base/json.h"

START_TEST(test_table)
{
	static const enum auto_event ends[] = {AUTO_EV_REFUSED, AUTO_EV_FAILED};
	bool reached[AUTO_STEPS] = {[AUTO_IDLE] = true};

	for (unsigned round = 0; round < AUTO_STEPS; round++)
		for (unsigned step = 0; step < AUTO_STEPS; step++)
			for (unsigned event = 0; reached[step] && event < AUTO_EVENTS; event++)
				if (auto_step_next(step, event) >= 0)
					reached[auto_step_next(step, event)] = true;
	for (unsigned step = 0; step < AUTO_STEPS; step++) {
		ck_assert_msg(reached[step], "%s", auto_step_name(step));
		ck_assert_int_eq(auto_step_find(auto_step_name(step)), step);
		/* What is done at a step can end in each way, and a held machine waits for release.
		 */
		for (unsigned i = 0; i < array_size(ends); i++)
			if (auto_step_action(step) != AUTO_DO_NOTHING)
				ck_assert_int_ge(auto_step_next(step, ends[i]), 0);
		ck_assert_int_eq(auto_step_next(step, AUTO_EV_RELEASED) >= 0, step == AUTO_HELD);
		ck_assert_int_eq(auto_step_next(step, AUTO_EV_KERNEL) >= 0, step != AUTO_HELD);
		/* Only what runs, or was just being loaded, can take a machine down. */
		ck_assert_int_eq(auto_step_next(step, AUTO_EV_DOWN) == AUTO_HELD,
				 auto_step_runs(step) || step == AUTO_TESTED ||
					 step == AUTO_FAILED);
	}
	ck_assert_int_eq(auto_step_find("nonsense"), -1);
	ck_assert_int_eq(auto_step_next(AUTO_FAILED, AUTO_EV_AGAIN), AUTO_STEP_RESUME);
}
END_TEST

START_TEST(test_levels)
{
	struct auto_level build = auto_level_of_source("6.1.192-3");
	struct auto_level first = auto_level_of_package("6.1.192-3-1", 100);
	struct auto_level second = auto_level_of_package("6.1.192-3-2", 5);
	struct auto_level next = auto_level_of_source("6.1.195-1");

	ck_assert_str_eq(second.to, "6.1.192-3");
	ck_assert(auto_level_is_later(&second, &first));
	ck_assert(auto_level_is_later(&first, &build));
	ck_assert(auto_level_is_later(&next, &second));
	ck_assert(!auto_level_is_later(&first, &first));
	ck_assert(auto_ring_is_offered(4, 5) && !auto_ring_is_offered(5, 5));
	ck_assert(!auto_ring_is_offered(0, 0) && auto_ring_is_offered(100, 100));
	auto_level_clear(&build);
	auto_level_clear(&first);
	auto_level_clear(&second);
	auto_level_clear(&next);
}
END_TEST

static void read_state(struct machine *machine, struct auto_state *state)
{
	bool there;

	ck_assert_ok(auto_state_read(machine->root, state, &there));
	ck_assert(there);
}

START_TEST(test_whole_way)
{
	struct machine machine;
	scope_auto_state state = {};
	scope_json history = NULL;

	now = 1000000;
	machine_open(&machine, "a");
	ck_assert_int_eq(machine_run(&machine), AUTO_IDLE);
	machine.offer = "6.1.192-3";
	machine.window = now + HOUR;
	ck_assert_int_eq(machine_run(&machine), AUTO_TESTED);
	ck_assert_ptr_null(machine.mark);
	now += HOUR;
	ck_assert_int_eq(machine_run(&machine), AUTO_WATCHING);
	ck_assert_str_eq(machine.mark, "boot-1");
	ck_assert_ptr_null(machine.installed);
	now += HOUR - 1;
	ck_assert_int_eq(machine_run(&machine), AUTO_WATCHING);
	now += 1;
	ck_assert_int_eq(machine_run(&machine), AUTO_SETTLED);
	ck_assert_ptr_nonnull(machine.installed);
	ck_assert_ptr_null(machine.mark);
	ck_assert_int_eq(machine_run(&machine), AUTO_SETTLED);
	ck_assert_uint_eq(machine.loads, 1);
	read_state(&machine, &state);
	ck_assert_str_eq(state.settled.version, "6.1.192-3");
	ck_assert_ok(auto_history_read(machine.root, &history));
	ck_assert_uint_ge(json_array_size(history), 8);
	machine_close(&machine);
}
END_TEST

START_TEST(test_modes)
{
	static const struct {
		enum auto_mode mode;
		enum auto_step step;
	} cases[] = {{AUTO_OBSERVE, AUTO_SEEN},
		     {AUTO_PREPARE, AUTO_TESTED},
		     {AUTO_APPLY, AUTO_WATCHING}};

	for (size_t i = 0; i < array_size(cases); i++) {
		struct machine machine;

		machine_open(&machine, "a");
		machine.policy.mode = cases[i].mode;
		machine.offer = "6.1.192-3";
		ck_assert_int_eq(machine_run(&machine), cases[i].step);
		machine_close(&machine);
	}
}
END_TEST

START_TEST(test_delay_is_spread)
{
	struct machine machine;

	now = 1000000;
	machine_open(&machine, "a");
	machine.policy.delay = HOUR;
	machine.policy.spread = 10 * HOUR;
	machine.ring = 50;
	machine.offer = "6.1.192-3";
	ck_assert_int_eq(machine_run(&machine), AUTO_TESTED);
	now += 6 * HOUR - 1;
	ck_assert_int_eq(machine_run(&machine), AUTO_TESTED);
	now += 1;
	ck_assert_int_eq(machine_run(&machine), AUTO_WATCHING);
	machine_close(&machine);
}
END_TEST

START_TEST(test_failure_is_tried_again)
{
	struct machine machine;
	scope_auto_state state = {};

	now = 1000000;
	machine_open(&machine, "a");
	machine.offer = "6.1.192-3";
	machine.offline = true;
	ck_assert_int_eq(machine_run(&machine), AUTO_FAILED);
	now += HOUR - 1;
	ck_assert_int_eq(machine_run(&machine), AUTO_FAILED);
	now += 1;
	ck_assert_int_eq(machine_run(&machine), AUTO_FAILED);
	read_state(&machine, &state);
	ck_assert_uint_eq(state.failures, 2);
	ck_assert_int_eq(state.next_try, now + 2 * HOUR);
	machine.offline = false;
	now += 2 * HOUR;
	ck_assert_int_eq(machine_run(&machine), AUTO_WATCHING);
	machine_close(&machine);
	ck_assert_int_eq(auto_next_try(0, 1), HOUR);
	ck_assert_int_eq(auto_next_try(0, 1000000), 24 * HOUR);
}
END_TEST

START_TEST(test_refused_level_waits_for_the_next)
{
	struct machine machine;

	machine_open(&machine, "a");
	machine.offer = machine.refused = "6.1.192-3";
	ck_assert_int_eq(machine_run(&machine), AUTO_REFUSED);
	ck_assert_int_eq(machine_run(&machine), AUTO_REFUSED);
	machine.offer = "6.1.195-1";
	ck_assert_int_eq(machine_run(&machine), AUTO_WATCHING);
	machine_close(&machine);
}
END_TEST

START_TEST(test_superseded_level_is_dropped)
{
	struct machine machine;
	scope_auto_state state = {};

	machine_open(&machine, "a");
	machine.policy.mode = AUTO_PREPARE;
	machine.offer = "6.1.192-3";
	ck_assert_int_eq(machine_run(&machine), AUTO_TESTED);
	machine.offer = "6.1.195-1";
	ck_assert_int_eq(machine_run(&machine), AUTO_TESTED);
	read_state(&machine, &state);
	ck_assert_str_eq(state.level.version, "6.1.195-1");
	machine.offer = NULL; /* it was taken back */
	ck_assert_int_eq(machine_run(&machine), AUTO_IDLE);
	machine_close(&machine);
}
END_TEST

START_TEST(test_rollback_is_remembered)
{
	struct machine machine;
	scope_auto_state state = {}, after = {};

	now = 1000000;
	machine_open(&machine, "a");
	machine.offer = machine.bad = "6.1.192-3";
	ck_assert_int_eq(machine_run(&machine), AUTO_ROLLED_BACK);
	ck_assert_uint_eq(machine.undone, 1);
	ck_assert_int_eq(machine_run(&machine), AUTO_ROLLED_BACK);
	ck_assert_uint_eq(machine.loads, 1);
	machine.offer = machine.bad = "6.1.195-1";
	ck_assert_int_eq(machine_run(&machine), AUTO_ROLLED_BACK);
	read_state(&machine, &state);
	ck_assert(state.observe);
	machine.bad = NULL;
	machine.offer = "6.1.196-1"; /* it is seen, and not even fetched */
	ck_assert_int_eq(machine_run(&machine), AUTO_SEEN);
	ck_assert_uint_eq(machine.loads, 2);
	read_state(&machine, &after);
	ck_assert(after.observe);
	machine_close(&machine);
}
END_TEST

/* What a repository's level did is not done again by building the same version here. */
START_TEST(test_rollback_bars_the_other_source)
{
	struct ship_level level = {
		.suite = "s", .package = "p", .version = (char *)"6.1.192-3-1", .phase = 100};
	struct machine machine;

	machine_open(&machine, "a");
	vec_push(&repository.list, level);
	machine.bad = "6.1.192-3-1";
	ck_assert_int_eq(machine_run(&machine), AUTO_ROLLED_BACK);
	vec_free(&repository.list);
	machine.offer = "6.1.192-3";
	ck_assert_int_eq(machine_run(&machine), AUTO_ROLLED_BACK);
	ck_assert_uint_eq(machine.loads, 1);
	machine_close(&machine);
}
END_TEST

START_TEST(test_block_of_load_is_a_rollback)
{
	struct machine machine;

	machine_open(&machine, "a");
	machine.offer = "6.1.192-3";
	ck_assert_int_eq(machine_run(&machine), AUTO_WATCHING);
	machine_unload(&machine);
	machine.blocked = "6.1.192-3";
	ck_assert_int_eq(machine_run(&machine), AUTO_ROLLED_BACK);
	machine_close(&machine);
}
END_TEST

START_TEST(test_hold)
{
	struct machine machine;

	machine_open(&machine, "a");
	machine.offer = "6.1.192-3";
	machine.hold = "a release is near";
	ck_assert_int_eq(machine_run(&machine), AUTO_IDLE);
	machine.hold = NULL;
	ck_assert_int_eq(machine_run(&machine), AUTO_WATCHING);
	machine.hold = "again";
	machine.bad = "6.1.192-3"; /* what is loaded is watched all the same */
	ck_assert_int_eq(machine_run(&machine), AUTO_ROLLED_BACK);
	machine_close(&machine);
}
END_TEST

/* The power goes during each action: only if a patch was loaded, nothing more is done. */
START_TEST(test_power_cut)
{
	for (unsigned action = AUTO_DO_GET; action <= AUTO_DO_SETTLE; action++) {
		bool risky = action >= AUTO_DO_LOAD;
		struct machine machine;

		now = 1000000;
		machine_open(&machine, "a");
		machine.offer = "6.1.192-3";
		machine.cut = action;
		if (action == AUTO_DO_SETTLE) {
			ck_assert_int_eq(machine_run(&machine), AUTO_WATCHING);
			now += HOUR;
		}
		ck_assert_int_eq(machine_run(&machine), -1);
		machine_unload(&machine);
		machine.boot = "boot-2";
		machine.cut = AUTO_DO_NOTHING;
		ck_assert_int_eq(machine_run(&machine), risky ? AUTO_HELD : AUTO_WATCHING);
		ck_assert_int_eq(machine_run(&machine), risky ? AUTO_HELD : AUTO_WATCHING);
		machine_close(&machine);
	}
}
END_TEST

/* Killed while it loads: the next call in the same boot goes on. */
START_TEST(test_killed_while_loading)
{
	struct machine machine;

	machine_open(&machine, "a");
	machine.offer = "6.1.192-3";
	machine.cut = AUTO_DO_LOAD;
	ck_assert_int_eq(machine_run(&machine), -1);
	machine.cut = AUTO_DO_NOTHING;
	ck_assert_int_eq(machine_run(&machine), AUTO_WATCHING);
	ck_assert_uint_eq(machine.loads, 1);
	machine_close(&machine);
}
END_TEST

/* A clean shutdown removes the mark, and the level is loaded and watched anew. */
START_TEST(test_clean_reboot)
{
	struct machine machine;

	machine_open(&machine, "a");
	machine.offer = "6.1.192-3";
	ck_assert_int_eq(machine_run(&machine), AUTO_WATCHING);
	machine_unload(&machine);
	machine.boot = "boot-2";
	machine.mark = NULL;
	ck_assert_int_eq(machine_run(&machine), AUTO_WATCHING);
	ck_assert_uint_eq(machine.loads, 2);
	machine_close(&machine);
}
END_TEST

START_TEST(test_reboot)
{
	struct machine machine;

	now = 1000000;
	machine_open(&machine, "a");
	machine.reboot_due = true;
	ck_assert_int_eq(machine_run(&machine), AUTO_IDLE);
	ck_assert_uint_eq(machine.reboots, 0); /* the policy has to want it */
	machine.policy.reboot = AUTO_REBOOT_WHEN_DUE;
	machine.policy.reboot_open = 8;
	machine_run(&machine);
	ck_assert_uint_eq(machine.reboots, 0);
	machine.policy.reboot_open = 7;
	machine.reboot_window = now + 1;
	machine_run(&machine);
	ck_assert_uint_eq(machine.reboots, 0);
	now++;
	machine.offer = "6.1.192-3"; /* not while a level is watched */
	ck_assert_int_eq(machine_run(&machine), AUTO_WATCHING);
	ck_assert_uint_eq(machine.reboots, 0);
	now += HOUR;
	ck_assert_int_eq(machine_run(&machine), AUTO_SETTLED);
	ck_assert_uint_eq(machine.reboots, 1);
	machine_close(&machine);
}
END_TEST

/* A repository may have single fixes for a kernel, and levels that count them. */
START_TEST(test_levels_of_the_kernels_own_version)
{
	static const char *const versions[] = {"6.1.192-2-1", "6.1.192-2-2"};
	struct machine machine;

	machine_open(&machine, "a");
	for (size_t i = 0; i < array_size(versions); i++) {
		struct ship_level level = {
			.suite = "s", .package = "p", .version = (char *)versions[i], .phase = 100};

		vec_push(&repository.list, level);
		ck_assert_int_eq(machine_run(&machine), AUTO_WATCHING);
		ck_assert_str_eq(machine.loaded, versions[i]);
		now += HOUR;
		ck_assert_int_eq(machine_run(&machine), AUTO_SETTLED);
		ck_assert_int_eq(machine_run(&machine), AUTO_SETTLED);
	}
	ck_assert_uint_eq(machine.loads, 2);
	machine_close(&machine);
	vec_free(&repository.list);
}
END_TEST

/* A withdrawn level has a successor with an older content, which is taken once. */
START_TEST(test_withdrawn_level)
{
	static const char *const versions[] = {"6.1.192-3-1", "6.1.192-3-1+withdrawn1"};
	struct machine machine;

	machine_open(&machine, "a");
	for (size_t i = 0; i < array_size(versions); i++) {
		struct ship_level level = {
			.suite = "s", .package = "p", .version = (char *)versions[i], .phase = 100};

		vec_push(&repository.list, level);
		ck_assert_int_eq(machine_run(&machine), AUTO_WATCHING);
		ck_assert_str_eq(machine.live, "6.1.192-3");
		if (i)
			machine.effective = "6.1.192-2";
		now += HOUR;
		ck_assert_int_eq(machine_run(&machine), AUTO_SETTLED);
	}
	machine.offer = "6.1.192-3"; /* nor is built what was withdrawn */
	ck_assert_int_eq(machine_run(&machine), AUTO_SETTLED);
	ck_assert_uint_eq(machine.loads, 2);
	machine_close(&machine);
	vec_free(&repository.list);
}
END_TEST

/* While a repository has the level for later phases, it is not built here; a refused one is. */
START_TEST(test_sources_in_order)
{
	struct ship_level level = {
		.suite = "s", .package = "p", .version = (char *)"6.1.192-3-1", .phase = 5};
	scope_auto_state state = {};
	struct machine machine;

	machine_open(&machine, "a");
	machine.offer = "6.1.192-3";
	machine.ring = 5;
	vec_push(&repository.list, level);
	ck_assert_int_eq(machine_run(&machine), AUTO_IDLE);
	machine.ring = 4;
	machine.refused = "6.1.192-3-1";
	ck_assert_int_eq(machine_run(&machine), AUTO_WATCHING);
	read_state(&machine, &state);
	ck_assert_int_eq(state.level.source, AUTO_BUILD);
	machine_close(&machine);
	vec_free(&repository.list);
}
END_TEST

START_TEST(test_offers_of_apt)
{
	static const char text[] =
		"linux-image-amd64:\n"
		"  Installed: 6.1.192-2\n"
		"  Candidate: 6.1.195-1\n"
		"  Version table:\n"
		"     6.1.195-1 500\n"
		"        500 http://deb.example.org bookworm/main amd64 Packages\n"
		" *** 6.1.192-2 100\n"
		"        100 /var/lib/dpkg/status\n"
		"suture-livepatch-6.1.0-56-amd64:\n"
		"  Installed: (none)\n"
		"  Candidate: 6.1.192-3-2\n"
		"  Version table:\n"
		"     6.1.192-3-2 500 (phased 25%)\n"
		"        500 http://deb.example.org bookworm/main amd64 Packages\n"
		"     6.1.192-3-1 500 (phased 7%)\n"
		"linux-source-6.1:\n"
		"  Installed: (none)\n"
		"  Candidate: 6.1.192-3\n";
	scope_cleanup(auto_levels_free) struct auto_level_vec levels = {}, none = {};

	auto_offers_parse_apt(text, "6.1.0-56-amd64", &levels);
	ck_assert_uint_eq(levels.len, 2);
	ck_assert_str_eq(levels.data[0].version, "6.1.192-3-2");
	ck_assert_str_eq(levels.data[0].to, "6.1.192-3");
	ck_assert_uint_eq(levels.data[0].phase, 25);
	ck_assert_str_eq(levels.data[1].version, "6.1.195-1");
	auto_offers_parse_apt("linux-source-6.1:\n  Candidate: (none)\n", "6.1.0-56-amd64", &none);
	ck_assert_uint_eq(none.len, 0);
}
END_TEST

START_TEST(test_damaged_state)
{
	struct machine machine;
	scope_auto_state state = {};
	bool there;

	machine_open(&machine, "a");
	machine.offer = "6.1.192-3";
	machine_run(&machine);
	ck_assert_ok(root_write(machine.root, AUTO_DIR "/state.json", "{\"step\": \"loaded\"}", 18,
				0644));
	ck_assert_fails(auto_state_read(machine.root, &state, &there),
			"run 'suture auto release' to start over");
	machine_close(&machine);
}
END_TEST

UNIT_SUITE("auto", test_table, test_levels, test_whole_way, test_modes, test_delay_is_spread,
	   test_failure_is_tried_again, test_refused_level_waits_for_the_next,
	   test_superseded_level_is_dropped, test_rollback_is_remembered,
	   test_rollback_bars_the_other_source, test_block_of_load_is_a_rollback, test_hold,
	   test_power_cut, test_killed_while_loading, test_clean_reboot, test_reboot,
	   test_levels_of_the_kernels_own_version, test_withdrawn_level, test_sources_in_order,
	   test_offers_of_apt, test_damaged_state)
