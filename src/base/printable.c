/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes foreign bytes safe for a terminal: valid UTF-8 without control characters. */
#include "base/printable.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/strbuf.h"

/* Returns the length of the character at text and sets its code; returns 0 if it is not valid. */
static unsigned utf8_decode(const unsigned char *text, uint32_t *code)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	unsigned len = *text < 0x80 ? 1 : *text >= 0xf0 ? 4 : *text >= 0xe0 ? 3 : 2;

	*code = len == 1 ? *text : *text & (0x7f >> len);
	if (*text >= 0xf8 || (*text & 0xc0) == 0x80)
		return 0;
	for (unsigned i = 1; i < len; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | (text[i] & 0x3f);
	}
	return *code >= least[len] && *code <= 0x10ffff && (*code < 0xd800 || *code > 0xdfff) ? len
											      : 0;
}

/*
 * Characters that cannot be seen, or that change how others are shown: controls, marks and isolates
 * of direction (U+061C, U+200E …), spaces without width, annotations and tags.
 */
static bool is_plain(uint32_t code)
{
	return code >= 0x20 && (code < 0x7f || code > 0x9f) && /* C0, DEL, C1 */
	       code != 0x61c && code != 0x180e && (code < 0x200b || code > 0x200f) &&
	       (code < 0x2028 || code > 0x202e) && (code < 0x2060 || code > 0x206f) &&
	       code != 0xfeff && (code < 0xfff9 || code > 0xfffb) &&
	       (code < 0xe0000 || code > 0xe0fff);
}

static void add_printable(struct strbuf *out, const char *text, const char *keep)
{
	const unsigned char *at = (const unsigned char *)text;

	while (*at) {
		uint32_t code;
		unsigned len = utf8_decode(at, &code);

		if ((len && is_plain(code)) || strchr(keep, *at)) {
			strbuf_add(out, at, len);
		} else {
			len = len ? len : 1;
			for (unsigned i = 0; i < len; i++)
				strbuf_addf(out, "\\x%02x", at[i]);
		}
		at += len;
	}
}

char *text_printable(const char *text)
{
	scope_strbuf out = STRBUF_INIT;

	add_printable(&out, text, "");
	return strbuf_detach(&out);
}

char *text_printable_tabs(const char *text)
{
	scope_strbuf out = STRBUF_INIT;

	add_printable(&out, text, "\t");
	return strbuf_detach(&out);
}

char *text_printable_json(const char *text)
{
	static const char escaped[] = "\1\2\3\4\5\6\a\b\t\n\v\f\r\16\17\20\21\22\23\24\25\26\27"
				      "\30\31\32\33\34\35\36\37";
	scope_strbuf out = STRBUF_INIT;

	add_printable(&out, text, escaped);
	return strbuf_detach(&out);
}

char *text_printable_lines(const char *text)
{
	scope_strbuf out = STRBUF_INIT;

	add_printable(&out, text, "\n\t");
	return strbuf_detach(&out);
}
