/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Judges whether restarting a unit, or logging out, is safe, and whether it would end the
 * processes. */
#ifndef SUTURE_ADVISE_RESTART_H
#define SUTURE_ADVISE_RESTART_H

#include "advise/advise.h"
#include "advise/rules.h"
#include "advise/scan.h"

/* What all judgements share; each unit is looked at once. */
struct service_judge {
	const struct root *root; /* has the unit files and open files */
	const struct rules *rules;
	const struct scan *scan; /* the owners of its processes are known */
	bool soft_reboot;	 /* the machine can soft-reboot; if not, a reboot takes its place */
	struct unit_links *links;
	struct str_vec folders; /* those of unit files */
	struct VEC(struct known_unit *) units;
};

/* The results of these belong to the judge; free with service_judge_free(). */
struct service_judge service_judge_new(const struct root *root, const struct rules *rules,
				       const struct scan *scan, bool soft_reboot);
void service_judge_free(struct service_judge *judge);

/*
 * Sets whether the service may be restarted without asking, and adds to its reason why not.  Takes
 * the command away if it would fail, or end none of the processes.
 */
void service_judge_restart(struct service_judge *judge, const struct advise_rule *rule,
			   struct advise_service *service);

/* Says what ends the processes of a session or a user's manager where logging out would not. */
void service_judge_log_out(const struct service_judge *judge, struct advise_service *service);

#endif
