/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the checks before loading have found. */
#ifndef SUTURE_LIVE_FINDINGS_H
#define SUTURE_LIVE_FINDINGS_H

#include <stdbool.h>

#include "base/err.h"
#include "base/vec.h"

enum live_level { LIVE_NOTE, LIVE_WARN, LIVE_REFUSE };

/* "warn" */
const char *live_level_name(enum live_level level);

struct live_finding {
	enum live_level level;
	const char *what; /* "vermagic", ...; not owned */
	char *module;	  /* NULL: it is about the machine */
	char *message;
};

struct live_finding_vec VEC(struct live_finding);
void live_findings_free(struct live_finding_vec *findings);
#define scope_live_findings __attribute__((cleanup(live_findings_free))) struct live_finding_vec

void live_finding_add(struct live_finding_vec *findings, enum live_level level, const char *what,
		      const char *module, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

/* Adds an error as a finding, and frees it; NULL adds none. */
void live_finding_of(struct live_finding_vec *findings, enum live_level level, const char *what,
		     struct err *err);

/* Whether any of them refuses. */
bool live_findings_refuse(const struct live_finding_vec *findings);

#endif
