/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Groups processes by what must be restarted for them. */
#ifndef SUTURE_ADVISE_SERVICES_H
#define SUTURE_ADVISE_SERVICES_H

#include "advise/advise.h"
#include "advise/restart.h"
#include "advise/scan.h"
#include "advise/users.h"

/* Appends a service for each owner of a process with stale files. */
void services_stale(const struct scan *scan, struct service_judge *judge,
		    struct advise_service_vec *services);

/* Appends a service for each owner of the processes, which use files of an updated package. */
void services_pending(const struct scan *scan, struct service_judge *judge,
		      const struct process_index_vec *found, const char *package,
		      struct advise_service_vec *services);

/* Moves all of `more` into services, and merges those of one owner. */
void services_merge(struct advise_service_vec *services, struct advise_service_vec *more);

/* Writes the sentences of pending services, once their packages are known. */
void services_tell_pending(struct advise_service_vec *services);

void advise_services_free(struct advise_service_vec *services);

#endif
