/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads what the answers to several verbs have in common: an error, and tasks that block. */
#include "vm/session_answer.h"

#include <string.h>

const char *session_reason(const struct session *session)
{
	return session->log.reasons
		       ? session->log.reasons[session->at.step - session->plan->steps.data]
		       : NULL;
}

char *session_errno(const struct session *session, const json_t *event)
{
	int error = session_event_num(event, KEY_ERRNO);
	const char *name = strerrorname_np(error);
	const char *reason = session_reason(session);

	return xasprintf("%s (%s)%s%s", name ? name : "unknown error", strerror(error),
			 reason ? ": " : "", reason ? reason : "");
}

void session_take_blockers(struct session *session, const json_t *event)
{
	const json_t *blocker;
	size_t i;

	json_array_foreach(json_object_get(event, KEY_BLOCKERS), i, blocker)
	{
		vec_push(&session_module(session)->blockers,
			 xasprintf("%s (%lld): %s", session_event_text(blocker, KEY_NAME),
				   session_event_num(blocker, KEY_TID),
				   session_event_text(blocker, KEY_STACK)));
	}
}
