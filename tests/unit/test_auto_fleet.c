/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Twenty machines and one repository: a bad level stops at the first ring. */
#include "auto_world.h"

#define MACHINES 20

static struct machine fleet[MACHINES];

/* Makes machines whose places are spread evenly: one below 5 %, five below 25 %. */
static void fleet_open(void)
{
	unsigned number = 0;

	for (unsigned i = 0; i < MACHINES; i++) {
		scope_free char *id = NULL;

		do {
			free(id);
			id = xasprintf("%032x", number++);
		} while (auto_ring_of(id) / 5 != i);
		machine_open(&fleet[i], id);
	}
}

static unsigned fleet_count(enum auto_step step)
{
	unsigned count = 0;

	for (unsigned i = 0; i < MACHINES; i++) {
		scope_auto_state state = {};
		bool there;

		ck_assert_ok(auto_state_read(fleet[i].root, &state, &there));
		count += there && state.step == step;
	}
	return count;
}

/* Publishes a level and raises its phase as its owner would: only while no machine rolled it back.
 */
static void fleet_roll_out(const char *version, const char *bad)
{
	static const unsigned phases[] = {5, 25, 100};
	struct ship_level level = {.suite = "s", .package = "p", .version = (char *)version};
	unsigned before = fleet_count(AUTO_ROLLED_BACK);

	vec_push(&repository.list, level);
	for (size_t i = 0; i < array_size(phases); i++) {
		repository.list.data[repository.list.len - 1].phase = phases[i];
		for (unsigned round = 0; round < 9; round++, now += HOUR / 4)
			for (unsigned k = 0; k < MACHINES; k++) {
				fleet[k].bad = bad;
				machine_run(&fleet[k]);
			}
		if (fleet_count(AUTO_ROLLED_BACK) > before) {
			repository.list.data[repository.list.len - 1].phase = 0;
			return;
		}
		ck_assert_uint_eq(fleet_count(AUTO_SETTLED), MACHINES * phases[i] / 100);
	}
}

static unsigned fleet_loads(void)
{
	unsigned loads = 0;

	for (unsigned i = 0; i < MACHINES; i++)
		loads += fleet[i].loads;
	return loads;
}

START_TEST(test_fleet)
{
	now = 1000000;
	fleet_open();
	fleet_roll_out("6.1.192-3-1", "6.1.192-3-1");
	ck_assert_uint_eq(fleet_loads(), 1);
	ck_assert_uint_eq(fleet[0].undone, 1);
	ck_assert_uint_eq(fleet_count(AUTO_ROLLED_BACK), 1);
	for (unsigned i = 0; i < MACHINES; i++, now += HOUR)
		machine_run(&fleet[i]);
	ck_assert_uint_eq(fleet_loads(), 1);
	fleet_roll_out("6.1.192-3-2", NULL);
	ck_assert_uint_eq(fleet_loads(), 1 + MACHINES);
	ck_assert_uint_eq(fleet_count(AUTO_SETTLED), MACHINES);
	for (unsigned i = 0; i < MACHINES; i++)
		machine_close(&fleet[i]);
	vec_free(&repository.list);
}
END_TEST

UNIT_SUITE("auto_fleet", test_fleet)
