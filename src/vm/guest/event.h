/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Builds a JSON object, which is sent to the host as one line. */
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
void event_bool(struct event *ev, const char *key, bool value);
/* Adds a text; bytes that are not UTF-8 become replacement characters. */
void event_text(struct event *ev, const char *key, const char *text, size_t size);
/* Adds a text that ends with NUL. */
void event_string(struct event *ev, const char *key, const char *text);
void event_list(struct event *ev, const char *key);
void event_object(struct event *ev); /* opens an object in an open list */
/* Closes a list or an object inside, by ']' or '}'. */
void event_close(struct event *ev, char bracket);
/* Ends the event, writes its line to fd, and frees it. */
void event_send(struct event *ev, int fd);

#endif
