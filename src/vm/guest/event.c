/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes events, which are JSON objects of one line each, without a library. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "event.h"
#include "util.h"
#include "vm/protocol.h"

static void event_add(struct event *ev, const char *data, size_t size)
{
	if (ev->len + size > ev->cap) {
		ev->cap = (ev->len + size) * 2;
		ev->buf = realloc(ev->buf, ev->cap);
		if (!ev->buf)
			abort();
	}
	memcpy(ev->buf + ev->len, data, size);
	ev->len += size;
}

static void add_str(struct event *ev, const char *str)
{
	event_add(ev, str, strlen(str));
}

/* Returns the length of the UTF-8 sequence at text, or 0 if there is none. */
static size_t utf8_length(const unsigned char *text, size_t size)
{
	static const struct {
		unsigned char mask, lead;
		unsigned length, min;
	} forms[] = {{0xe0, 0xc0, 2, 0x80}, {0xf0, 0xe0, 3, 0x800}, {0xf8, 0xf0, 4, 0x10000}};

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if ((*text & forms[i].mask) != forms[i].lead || size < forms[i].length)
			continue;

		unsigned code = *text & ~forms[i].mask;

		for (unsigned j = 1; j < forms[i].length; j++) {
			if ((text[j] & 0xc0) != 0x80)
				return 0;
			code = code << 6 | (text[j] & 0x3f);
		}
		if (code < forms[i].min || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
			return 0;
		return forms[i].length;
	}
	return 0;
}

static void add_quoted(struct event *ev, const char *text, size_t size)
{
	char escape[8];

	add_str(ev, "\"");
	for (size_t i = 0; i < size;) {
		unsigned char c = text[i];
		size_t length =
			c < 0x80 ? 1 : utf8_length((const unsigned char *)text + i, size - i);

		if (!length) {
			add_str(ev, "\\ufffd");
			length = 1;
		} else if (c == '\n') {
			add_str(ev, "\\n");
		} else if (c < 0x20 || c == '"' || c == '\\' || c == 0x7f) {
			snprintf(escape, sizeof(escape), "\\u%04x", c);
			add_str(ev, escape);
		} else {
			event_add(ev, text + i, length);
		}
		i += length;
	}
	add_str(ev, "\"");
}

static void add_key(struct event *ev, const char *key)
{
	if (!ev->first)
		add_str(ev, ",");
	ev->first = false;
	if (!key)
		return;
	add_quoted(ev, key, strlen(key));
	add_str(ev, ":");
}

void event_begin(struct event *ev, const char *kind)
{
	*ev = (struct event){.first = true};
	add_str(ev, "{");
	event_string(ev, KEY_EVENT, kind);
}

void event_num(struct event *ev, const char *key, long long num)
{
	char text[32];

	add_key(ev, key);
	snprintf(text, sizeof(text), "%lld", num);
	add_str(ev, text);
}

void event_bool(struct event *ev, const char *key, bool value)
{
	add_key(ev, key);
	add_str(ev, value ? "true" : "false");
}

void event_text(struct event *ev, const char *key, const char *text, size_t size)
{
	add_key(ev, key);
	add_quoted(ev, text, size);
}

void event_string(struct event *ev, const char *key, const char *text)
{
	event_text(ev, key, text, strlen(text));
}

void event_list(struct event *ev, const char *key)
{
	add_key(ev, key);
	add_str(ev, "[");
	ev->first = true;
}

void event_object(struct event *ev)
{
	add_key(ev, NULL);
	add_str(ev, "{");
	ev->first = true;
}

void event_close(struct event *ev, char bracket)
{
	event_add(ev, &bracket, 1);
	ev->first = false;
}

void event_send(struct event *ev, int fd)
{
	add_str(ev, "}\n");
	guest_write_all(fd, ev->buf, ev->len);
	free(ev->buf);
	*ev = (struct event){};
}
