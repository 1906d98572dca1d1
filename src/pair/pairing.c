/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Answers what the steps of one pair_run() ask of its state, and keeps the failures of units. */
#include "pair/pairing.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/proc.h"

const char *pairing_dir(const struct pairing *pairing, const struct paired_unit *unit,
			enum side side)
{
	return pairing->places[side == PRE ? PLACE_PRE : unit->post_place].dir;
}

const struct kbuild_command *pairing_command(const struct paired_unit *unit, enum side side)
{
	return &unit->command[side == POST && !unit->own_post_command ? PRE : side];
}

struct err *pairing_fail(const struct pairing *pairing, struct paired_unit *unit, struct err *err,
			 const char *output)
{
	if (!pairing->spec->keep_going || err_code(err) == ERR_INTERRUPTED)
		return err;
	err_free(unit->failure);
	free(unit->output);
	unit->failure = err;
	unit->output = output ? xstrdup(output) : NULL;
	return NULL;
}

unsigned pairing_jobs(const struct pair_spec *spec)
{
	return spec->jobs ? spec->jobs : proc_cpus();
}
