/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reports how often each function of the patch was called, and by which exercise or file. */
#include <string.h>

#include "exercise.h"
#include "probe.h"
#include "step.h"

/* cover NAME: tells the counts, and removes the probes. */
bool verb_cover(const struct step *step, struct event *ev)
{
	unsigned long long hits[PROBES_MAX];

	(void)step;
	probe_read(hits);
	event_list(ev, KEY_FUNCTIONS);
	for (unsigned i = 0; i < probe_count(); i++) {
		const struct probe *probe = probe_at(i);
		const struct reach *reach = reach_of(i);

		event_object(ev);
		event_string(ev, KEY_OBJECT, probe->object);
		event_string(ev, KEY_NAME, probe->name);
		event_num(ev, KEY_SYMPOS, probe->sympos);
		event_num(ev, KEY_HITS, hits[i]);
		if (reach->exercise >= 0)
			event_string(ev, KEY_BY, exercise_at(reach->exercise)->name);
		else if (*reach->file)
			event_string(ev, KEY_BY, reach->file);
		if (probe->error)
			event_num(ev, KEY_ERRNO, -probe->error);
		event_close(ev, '}');
	}
	event_close(ev, ']');
	probe_clear();
	return true;
}
