/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists the transitions of the loop of `suture auto`, one row a step. */
#include "auto/step.h"

#include <stddef.h>
#include <string.h>

#include "base/alloc.h"

static const struct step_row {
	const char *name;
	enum auto_action action;
	bool runs, before_load;
	struct step_arrow {
		enum auto_event event;
		int to;
	} arrows[8];
	size_t nr_arrows;
} rows[AUTO_STEPS] = {
#define ARROWS(...)                                                                                \
	{__VA_ARGS__}, sizeof((struct step_arrow[]){__VA_ARGS__}) / sizeof(struct step_arrow)
	[AUTO_IDLE] = {"idle", AUTO_DO_NOTHING, false, false,
		       ARROWS({AUTO_EV_UPDATE, AUTO_SEEN}, {AUTO_EV_KERNEL, AUTO_IDLE})},
	[AUTO_SEEN] = {"seen", AUTO_DO_GET, false, true,
		       ARROWS({AUTO_EV_DONE, AUTO_GOT}, {AUTO_EV_REFUSED, AUTO_REFUSED},
			      {AUTO_EV_FAILED, AUTO_FAILED}, {AUTO_EV_SUPERSEDED, AUTO_SEEN},
			      {AUTO_EV_GONE, AUTO_IDLE}, {AUTO_EV_KERNEL, AUTO_IDLE})},
	[AUTO_GOT] = {"got", AUTO_DO_MAKE, false, true,
		      ARROWS({AUTO_EV_DONE, AUTO_BUILT}, {AUTO_EV_REFUSED, AUTO_REFUSED},
			     {AUTO_EV_FAILED, AUTO_FAILED}, {AUTO_EV_SUPERSEDED, AUTO_SEEN},
			     {AUTO_EV_GONE, AUTO_IDLE}, {AUTO_EV_KERNEL, AUTO_IDLE})},
	[AUTO_BUILT] = {"built", AUTO_DO_TRY, false, true,
			ARROWS({AUTO_EV_DONE, AUTO_TESTED}, {AUTO_EV_REFUSED, AUTO_REFUSED},
			       {AUTO_EV_FAILED, AUTO_FAILED}, {AUTO_EV_SUPERSEDED, AUTO_SEEN},
			       {AUTO_EV_GONE, AUTO_IDLE}, {AUTO_EV_KERNEL, AUTO_IDLE})},
	[AUTO_TESTED] = {"tested", AUTO_DO_LOAD, false, true,
			 ARROWS({AUTO_EV_DONE, AUTO_LOADED}, {AUTO_EV_REFUSED, AUTO_REFUSED},
				{AUTO_EV_FAILED, AUTO_FAILED}, {AUTO_EV_BAD, AUTO_ROLLED_BACK},
				{AUTO_EV_DOWN, AUTO_HELD}, {AUTO_EV_SUPERSEDED, AUTO_SEEN},
				{AUTO_EV_GONE, AUTO_IDLE}, {AUTO_EV_KERNEL, AUTO_IDLE})},
	[AUTO_LOADED] = {"loaded", AUTO_DO_WATCH, true, false,
			 ARROWS({AUTO_EV_DONE, AUTO_WATCHING}, {AUTO_EV_REFUSED, AUTO_REFUSED},
				{AUTO_EV_FAILED, AUTO_FAILED}, {AUTO_EV_BAD, AUTO_ROLLED_BACK},
				{AUTO_EV_DOWN, AUTO_HELD}, {AUTO_EV_REBOOTED, AUTO_TESTED},
				{AUTO_EV_KERNEL, AUTO_IDLE})},
	[AUTO_WATCHING] = {"watching", AUTO_DO_SETTLE, true, false,
			   ARROWS({AUTO_EV_DONE, AUTO_SETTLED}, {AUTO_EV_REFUSED, AUTO_REFUSED},
				  {AUTO_EV_FAILED, AUTO_FAILED}, {AUTO_EV_BAD, AUTO_ROLLED_BACK},
				  {AUTO_EV_DOWN, AUTO_HELD}, {AUTO_EV_REBOOTED, AUTO_TESTED},
				  {AUTO_EV_KERNEL, AUTO_IDLE})},
	[AUTO_SETTLED] = {"settled", AUTO_DO_NOTHING, true, false,
			  ARROWS({AUTO_EV_UPDATE, AUTO_SEEN}, {AUTO_EV_BAD, AUTO_ROLLED_BACK},
				 {AUTO_EV_DOWN, AUTO_HELD}, {AUTO_EV_GONE, AUTO_IDLE},
				 {AUTO_EV_KERNEL, AUTO_IDLE})},
	[AUTO_REFUSED] = {"refused", AUTO_DO_NOTHING, false, false,
			  ARROWS({AUTO_EV_UPDATE, AUTO_SEEN}, {AUTO_EV_GONE, AUTO_IDLE},
				 {AUTO_EV_KERNEL, AUTO_IDLE})},
	[AUTO_FAILED] = {"failed", AUTO_DO_NOTHING, false, false,
			 ARROWS({AUTO_EV_AGAIN, AUTO_STEP_RESUME}, {AUTO_EV_SUPERSEDED, AUTO_SEEN},
				{AUTO_EV_BAD, AUTO_ROLLED_BACK}, {AUTO_EV_DOWN, AUTO_HELD},
				{AUTO_EV_GONE, AUTO_IDLE}, {AUTO_EV_KERNEL, AUTO_IDLE})},
	[AUTO_ROLLED_BACK] = {"rolled-back", AUTO_DO_NOTHING, false, false,
			      ARROWS({AUTO_EV_UPDATE, AUTO_SEEN}, {AUTO_EV_GONE, AUTO_IDLE},
				     {AUTO_EV_KERNEL, AUTO_IDLE})},
	[AUTO_HELD] = {"held", AUTO_DO_NOTHING, false, false,
		       ARROWS({AUTO_EV_RELEASED, AUTO_IDLE})},
};

static const char *const action_names[] = {
	[AUTO_DO_NOTHING] = "nothing", [AUTO_DO_GET] = "get",	[AUTO_DO_MAKE] = "make",
	[AUTO_DO_TRY] = "test",	       [AUTO_DO_LOAD] = "load", [AUTO_DO_WATCH] = "watch",
	[AUTO_DO_SETTLE] = "settle",
};

int auto_step_next(enum auto_step step, enum auto_event event)
{
	for (size_t i = 0; i < rows[step].nr_arrows; i++)
		if (rows[step].arrows[i].event == event)
			return rows[step].arrows[i].to;
	return -1;
}

enum auto_action auto_step_action(enum auto_step step)
{
	return rows[step].action;
}

bool auto_step_runs(enum auto_step step)
{
	return rows[step].runs;
}

bool auto_step_is_before_load(enum auto_step step)
{
	return rows[step].before_load;
}

const char *auto_step_name(enum auto_step step)
{
	return rows[step].name;
}

int auto_step_find(const char *name)
{
	for (size_t i = 0; i < array_size(rows); i++)
		if (!strcmp(rows[i].name, name))
			return i;
	return -1;
}

const char *auto_action_name(enum auto_action action)
{
	return action_names[action];
}

int auto_action_find(const char *name)
{
	for (size_t i = 0; i < array_size(action_names); i++)
		if (!strcmp(action_names[i], name))
			return i;
	return -1;
}
