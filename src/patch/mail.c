/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Decodes mails with patches: RFC 2045's quoted-printable and base64, parts of RFC 2046, and the
 * mbox files that git format-patch, b4 and lore.kernel.org make.
 */
#include "patch/mail.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "base/vec.h"

enum mail_encoding { MAIL_PLAIN, MAIL_QUOTED, MAIL_BASE64 };

struct mail_reader {
	const char *name;
	const char *pos; /* next line */
	unsigned line;	 /* number of the line at pos */
	struct strbuf *out;
	struct str_vec boundaries; /* boundaries of the open parts, outermost first */
	enum mail_encoding encoding;
	bool skips; /* the part is not text */
	bool decoded;
};

static size_t mail_line_length(const char *line)
{
	return strcspn(line, "\n");
}

static void mail_next_line(struct mail_reader *r)
{
	r->pos += mail_line_length(r->pos);
	r->pos += *r->pos == '\n';
	r->line++;
}

static struct err *mail_error(const struct mail_reader *r, const char *what)
{
	return err_new("%s:%u: %s", r->name, r->line, what);
}

/* Recognises "From 0123… Mon Sep 17 00:00:00 2001", which begins each mail of an mbox. */
static bool mail_is_separator(const char *line)
{
	size_t len = mail_line_length(line);

	if (!str_starts(line, "From "))
		return false;
	for (size_t i = strlen("From "); i + 8 <= len; i++)
		if (isdigit((unsigned char)line[i]) && isdigit((unsigned char)line[i + 1]) &&
		    line[i + 2] == ':' && isdigit((unsigned char)line[i + 3]) &&
		    isdigit((unsigned char)line[i + 4]) && line[i + 5] == ':')
			return true;
	return false;
}

/*
 * Recognises "Name: value", where the value may begin on the next line, and "Content-Name:value".
 */
static bool mail_is_header(const char *line)
{
	size_t len = 0;

	while (isalnum((unsigned char)line[len]) || line[len] == '-')
		len++;
	if (!len || line[len] != ':')
		return false;
	return !line[len + 1] || strchr(" \t\r\n", line[len + 1]) ||
	       !strncasecmp(line, "Content-", strlen("Content-"));
}

/* Returns the value of attribute in "text/plain; attribute=value", or NULL; free(). */
static char *mail_attribute(const char *value, const char *attribute)
{
	size_t len = strlen(attribute);

	for (const char *at = value; (at = strchr(at, ';'));) {
		at += 1 + strspn(at + 1, " \t");
		if (strncasecmp(at, attribute, len) || at[len] != '=')
			continue;
		at += len + 1;
		return *at == '"' ? xstrndup(at + 1, strcspn(at + 1, "\""))
				  : xstrndup(at, strcspn(at, "; \t"));
	}
	return NULL;
}

/*
 * Returns whether a part of this type may contain a patch; attachments are often "application/…".
 */
static bool mail_is_text(const char *type)
{
	scope_free char *name = mail_attribute(type, "name");

	if (!strncasecmp(type, "text/html", strlen("text/html")))
		return false;
	return !strncasecmp(type, "text/", strlen("text/")) ||
	       !strncasecmp(type, "multipart/", strlen("multipart/")) ||
	       (name && (str_ends(name, ".patch") || str_ends(name, ".diff")));
}

static void mail_take_header(struct mail_reader *r, const char *header)
{
	static const char encoding[] = "Content-Transfer-Encoding:", type[] = "Content-Type:";

	if (!strncasecmp(header, encoding, strlen(encoding))) {
		const char *value = header + strlen(encoding);

		value += strspn(value, " \t\r");
		if (!strncasecmp(value, "quoted-printable", strlen("quoted-printable")))
			r->encoding = MAIL_QUOTED;
		else if (!strncasecmp(value, "base64", strlen("base64")))
			r->encoding = MAIL_BASE64;
	} else if (!strncasecmp(header, type, strlen(type))) {
		const char *value = header + strlen(type);
		char *boundary = mail_attribute(value, "boundary");

		value += strspn(value, " \t");
		if (boundary)
			vec_push(&r->boundaries, boundary);
		r->skips = !mail_is_text(value);
	}
}

/* Reads headers and keeps them in the text, where they do no harm. */
static void mail_read_headers(struct mail_reader *r)
{
	scope_strbuf header = STRBUF_INIT;

	r->encoding = MAIL_PLAIN;
	r->skips = false;
	for (;;) {
		size_t len = mail_line_length(r->pos);
		bool continues = header.len && (*r->pos == ' ' || *r->pos == '\t');

		if (!continues && header.len) {
			mail_take_header(r, header.buf);
			strbuf_reset(&header);
		}
		if (!continues && !mail_is_header(r->pos))
			break;
		strbuf_add(r->out, r->pos, len + (r->pos[len] == '\n'));
		strbuf_add(&header, r->pos, len);
		mail_next_line(r);
	}
	if (*r->pos == '\n') {
		strbuf_addch(r->out, '\n');
		mail_next_line(r);
	}
}

/* Returns which open part has the line as its boundary: 1 for the outermost, 0 for none. */
static size_t mail_boundary(const struct mail_reader *r, const char *line, bool *ends)
{
	if (strncmp(line, "--", 2) != 0)
		return 0;
	for (size_t i = r->boundaries.len; i > 0; i--) {
		const char *boundary = r->boundaries.data[i - 1];
		size_t len = strlen(boundary);

		if (!len || strncmp(line + 2, boundary, len) != 0)
			continue;

		const char *rest = line + 2 + len;

		*ends = str_starts(rest, "--");
		rest += *ends ? 2 : 0;
		if (rest[strspn(rest, " \t")] == '\n' || !rest[strspn(rest, " \t")])
			return i;
	}
	return 0;
}

static int mail_hex(char c)
{
	if (isdigit((unsigned char)c))
		return c - '0';
	c = tolower((unsigned char)c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Decodes one line of quoted-printable. */
static struct err *mail_decode_quoted(struct mail_reader *r, const char *line, size_t len,
				      struct strbuf *out)
{
	while (len && (line[len - 1] == ' ' || line[len - 1] == '\t'))
		len--;
	for (size_t i = 0; i < len; i++) {
		if (line[i] != '=') {
			strbuf_addch(out, line[i]);
			continue;
		}
		if (i + 1 == len)
			return NULL; /* the decoded line continues */

		int high = mail_hex(line[i + 1]), low = i + 2 < len ? mail_hex(line[i + 2]) : -1;

		if (high < 0 || low < 0)
			return mail_error(r, "the quoted-printable text is damaged");
		strbuf_addch(out, high << 4 | low);
		i += 2;
	}
	strbuf_addch(out, '\n');
	return NULL;
}

struct mail_base64 {
	unsigned bits, count; /* number of characters in bits, including padding */
	unsigned padding;
};

static int mail_base64_value(char c)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *found = c ? strchr(digits, c) : NULL;

	return found ? found - digits : -1;
}

static struct err *mail_decode_base64(struct mail_reader *r, const char *line, size_t len,
				      struct mail_base64 *state, struct strbuf *out)
{
	for (size_t i = 0; i < len; i++) {
		bool pads = line[i] == '=';
		int value = pads ? 0 : mail_base64_value(line[i]);

		if (isspace((unsigned char)line[i]))
			continue;
		if (value < 0 || (pads ? state->count < 2 : state->padding > 0))
			return mail_error(r, "the base64 text is damaged");
		state->padding += pads;
		state->bits = state->bits << 6 | value;
		if (++state->count < 4)
			continue;
		for (unsigned byte = 0; byte + state->padding < 3; byte++)
			strbuf_addch(out, state->bits >> (16 - 8 * byte) & 0xff);
		state->bits = state->count = 0;
	}
	return NULL;
}

static bool mail_body_ends(const struct mail_reader *r, bool after_blank)
{
	bool ends;

	return !*r->pos || (after_blank && mail_is_separator(r->pos)) ||
	       mail_boundary(r, r->pos, &ends);
}

/*
 * Adds a decoded body. Its last line must not join the text that follows, and a line of a diff that
 * was cut short must not be completed.
 */
static struct err *mail_add_decoded(struct mail_reader *r, char *body, size_t size)
{
	if (memchr(body, '\0', size))
		return mail_error(r, "the decoded mail is not text");
	r->decoded = true;
	mail_drop_returns(body);
	strbuf_addstr(r->out, body);

	const char *last = strrchr(body, '\n');

	last = last ? last + 1 : body;
	if (!*last || !*r->pos)
		return NULL;
	if (strchr(" +-", *last) && !str_starts(last, "-- "))
		return mail_error(r, "the decoded mail ends within a line");
	strbuf_addch(r->out, '\n');
	return NULL;
}

static struct err *mail_read_body(struct mail_reader *r)
{
	scope_strbuf body = STRBUF_INIT;
	struct mail_base64 base64 = {};
	bool blank = true;

	while (!mail_body_ends(r, blank)) {
		size_t len = mail_line_length(r->pos);

		blank = !len;
		if (r->encoding == MAIL_QUOTED && !r->skips)
			err_try(mail_decode_quoted(r, r->pos, len, &body));
		else if (r->encoding == MAIL_BASE64 && !r->skips)
			err_try(mail_decode_base64(r, r->pos, len, &base64, &body));
		else
			strbuf_add(&body, r->pos, len + (r->pos[len] == '\n'));
		mail_next_line(r);
	}
	if (base64.count)
		return mail_error(r, "the base64 text is cut short");
	if (r->skips)
		return NULL;
	if (r->encoding != MAIL_PLAIN && body.len)
		return mail_add_decoded(r, body.buf, body.len);
	strbuf_add(r->out, body.buf, body.len);
	return NULL;
}

/*
 * Handles a line that is a boundary: either more headers follow, or the enclosing part continues.
 */
static void mail_cross_boundary(struct mail_reader *r)
{
	bool ends = false;
	size_t part = mail_boundary(r, r->pos, &ends);

	if (!part)
		return;
	while (r->boundaries.len > part - ends)
		free(r->boundaries.data[--r->boundaries.len]);
	mail_next_line(r);
	r->encoding = MAIL_PLAIN;
	r->skips = false;
	if (!ends)
		mail_read_headers(r);
}

static struct err *mail_read_all(struct mail_reader *r)
{
	bool starts = true; /* a mail may begin here */

	while (*r->pos) {
		if (starts || mail_is_separator(r->pos)) {
			bool separated = mail_is_separator(r->pos);

			str_vec_free(&r->boundaries);
			r->encoding = MAIL_PLAIN;
			r->skips = false;
			if (separated)
				mail_next_line(r);
			if (mail_is_header(r->pos))
				mail_read_headers(r);
			starts = false;
		}
		mail_cross_boundary(r);
		err_try(mail_read_body(r));
	}
	return NULL;
}

struct err *mail_decode(const char *name, const char *text, char **out, bool *decoded)
{
	scope_strbuf sb = STRBUF_INIT;
	struct mail_reader reader = {.name = name, .pos = text, .line = 1, .out = &sb};
	struct err *err = mail_read_all(&reader);

	str_vec_free(&reader.boundaries);
	err_try(err);
	*decoded = reader.decoded;
	strbuf_addstr(&sb, "");
	*out = strbuf_detach(&sb);
	return NULL;
}

size_t mail_length(const char *text)
{
	for (const char *end = strchr(text, '\n'); end; end = strchr(end + 1, '\n'))
		if (mail_is_separator(end + 1))
			return end + 1 - text;
	return strlen(text);
}

char *mail_header(const char *text, const char *name)
{
	const char *line = mail_is_separator(text) ? text + mail_line_length(text) : text;
	scope_strbuf value = STRBUF_INIT;
	bool found = false;

	for (line += *line == '\n'; *line && *line != '\n'; line += *line == '\n') {
		size_t len = mail_line_length(line), name_len = strlen(name);

		if (*line != ' ' && *line != '\t') {
			if (found || !mail_is_header(line))
				break;
			found = !strncasecmp(line, name, name_len) && line[name_len] == ':';
			if (found)
				strbuf_add(&value, line + name_len + 1, len - name_len - 1);
		} else if (found) {
			strbuf_add(&value, line, len);
		}
		line += len;
	}
	strbuf_addstr(&value, "");
	return found ? xstrdup(str_trim(value.buf)) : NULL;
}

void mail_drop_returns(char *text)
{
	char *out = text;

	for (const char *line = text; (line = strchr(line, '\n')); line++)
		if (line == text || line[-1] != '\r')
			return;
	for (const char *in = text; *in; in++)
		if (*in != '\r' || in[1] != '\n')
			*out++ = *in;
	*out = '\0';
}
