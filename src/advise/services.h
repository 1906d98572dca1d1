/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Processes by what has to be restarted for them. */
#ifndef SUTURE_ADVISE_SERVICES_H
#define SUTURE_ADVISE_SERVICES_H

#include "advise/advise.h"
#include "advise/rules.h"
#include "advise/scan.h"

/* What decides what a service takes, and whether it may be restarted without asking. */
struct service_judge {
	const struct root *root; /* its unit files and open files */
	const struct rules *rules;
	bool soft_reboot; /* the machine can do that; otherwise what needs it needs a reboot */
};

/* Appends a service for each owner of a process with stale files. */
void services_stale(const struct scan *scan, const struct service_judge *judge,
		    struct advise_service_vec *services);

/* Who uses which file now: to be asked about files of packages. */
struct users;

struct users *users_new(const struct scan *scan);
void users_free(struct users *users);

/* Appends indexes of scan's processes; a path of /lib and the same of /usr/lib are one. */
struct process_index_vec VEC(size_t);
void users_of(const struct users *users, const char *path, struct process_index_vec *found);

/* One service for each owner among the processes, which the update of a package concerns. */
void services_pending(const struct scan *scan, const struct service_judge *judge,
		      const struct process_index_vec *found, const char *package,
		      struct advise_service_vec *services);

/* Moves all of more into services, one row an owner. */
void services_merge(struct advise_service_vec *services, struct advise_service_vec *more);

/* Writes the sentences of pending services, once their packages are known. */
void services_tell_pending(struct advise_service_vec *services);

void advise_services_free(struct advise_service_vec *services);

#endif
