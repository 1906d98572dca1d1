/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reports progress from the library without printing: cli/ passes a `struct progress`, and all
 * other code calls these functions. A NULL progress is accepted everywhere. All calls come from one
 * thread.
 */
#ifndef SUTURE_BASE_PROGRESS_H
#define SUTURE_BASE_PROGRESS_H

#include <stdint.h>

enum progress_unit { PROGRESS_COUNT, PROGRESS_BYTES };

struct progress {
	/*
	 * A step begins with a total, or with 0 if that is unknown; `done` grows; then the step
	 * ends.
	 */
	void (*begin)(struct progress *progress, const char *label, uint64_t total,
		      enum progress_unit unit);
	void (*update)(struct progress *progress, uint64_t done);
	void (*end)(struct progress *progress);
	/* Reports one line to the user about a decision or an observation. */
	void (*note)(struct progress *progress, const char *message);
	/* The same of how the work goes on, for somebody who watches it. */
	void (*detail)(struct progress *progress, const char *message);
};

void progress_begin(struct progress *progress, const char *label, uint64_t total,
		    enum progress_unit unit);
void progress_update(struct progress *progress, uint64_t done);
void progress_end(struct progress *progress);
void progress_note(struct progress *progress, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void progress_detail(struct progress *progress, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif
