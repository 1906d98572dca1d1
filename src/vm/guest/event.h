/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One JSON object under construction, a line that is sent to the host. */
#ifndef SUTURE_VM_GUEST_EVENT_H
#define SUTURE_VM_GUEST_EVENT_H

#include <stdbool.h>
#include <stddef.h>

struct event {
	char *buf;
	size_t len, cap;
	bool first; /* no comma before the next item */
};

void event_begin(struct event *ev, const char *kind);
void event_num(struct event *ev, const char *key, long long num);
void event_item(struct event *ev, long long num); /* a number inside a list */
void event_bool(struct event *ev, const char *key, bool value);
/* Text that is not UTF-8 arrives with replacement characters. */
void event_text(struct event *ev, const char *key, const char *text, size_t size);
void event_textf(struct event *ev, const char *key, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void event_list(struct event *ev, const char *key);
void event_object(struct event *ev); /* an object inside a list */
void event_close(struct event *ev, char bracket);
/* Ends the object and writes its line. */
void event_send(struct event *ev, int fd);

#endif
