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

/* PART_UNKNOWN: it is read if a diff is in it. */
enum mail_part { PART_TEXT, PART_MAIL, PART_UNKNOWN, PART_SKIPPED };

struct mail_reader {
	const char *name;
	const char *pos; /* next line */
	unsigned line;	 /* number of the line at pos */
	struct strbuf *out;
	struct str_vec boundaries; /* boundaries of the open parts, outermost first */
	enum mail_encoding encoding;
	enum mail_part part;
	char *file; /* the name of an attachment, or NULL */
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

/* Returns whether a month and, some words later, a year stand in the line before and after at. */
static bool mail_is_date(const char *line, size_t len, size_t at)
{
	static const char *const months[] = {" Jan ", " Feb ", " Mar ", " Apr ", " May ", " Jun ",
					     " Jul ", " Aug ", " Sep ", " Oct ", " Nov ", " Dec "};
	bool has_month = false;

	for (size_t i = 0; i < array_size(months); i++)
		has_month |= memmem(line, at, months[i], strlen(months[i])) != NULL;
	for (size_t i = at; has_month && i + 5 <= len; i++)
		if (line[i] == ' ' && strspn(line + i + 1, "0123456789") == 4)
			return true;
	return false;
}

/*
 * Recognises "From 0123… Mon Sep 17 00:00:00 2001", which begins each mail of an mbox. Some
 * programs leave the seconds out.
 */
static bool mail_is_separator(const char *line)
{
	size_t len = mail_line_length(line);

	if (!str_starts(line, "From "))
		return false;
	for (size_t i = strlen("From "); i + 5 <= len; i++) {
		if (!isdigit((unsigned char)line[i]) || !isdigit((unsigned char)line[i + 1]) ||
		    line[i + 2] != ':' || !isdigit((unsigned char)line[i + 3]) ||
		    !isdigit((unsigned char)line[i + 4]))
			continue;
		if (line[i + 5] == ':' || (line[i + 5] == ' ' && mail_is_date(line, len, i)))
			return true;
	}
	return false;
}

/* Returns where the value of a header begins, or NULL if the line is not one of that name. */
static const char *mail_value(const char *line, const char *name)
{
	size_t len = strlen(name);

	if (strncasecmp(line, name, len) != 0)
		return NULL;
	line += len + strspn(line + len, " \t");
	return *line == ':' ? line + 1 + strspn(line + 1, " \t\r") : NULL;
}

/*
 * Recognises "Name: value", where the value may begin on the next line, and "Content-Name:value".
 * Names consist of any visible characters (RFC 5322), and blanks may follow them (its section 4.5).
 */
static bool mail_is_header(const char *line)
{
	size_t len = 0, blanks;

	while (isgraph((unsigned char)line[len]) && (unsigned char)line[len] < 128 &&
	       line[len] != ':')
		len++;
	blanks = strspn(line + len, " \t");
	if (!len || line[len + blanks] != ':')
		return false;
	line += len + blanks + 1;
	return !*line || strchr(" \t\r\n", *line) ||
	       !strncasecmp(line - len - blanks - 1, "Content-", strlen("Content-"));
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

static bool mail_has_ending(const char *file, const char *ending)
{
	size_t len = strlen(file), end = strlen(ending);

	return len >= end && !strcasecmp(file + len - end, ending);
}

/* Attachments are of many types; those of these types are never patches. */
static enum mail_part mail_part_of(const char *type)
{
	static const struct {
		const char *start;
		enum mail_part part;
	} types[] = {
		{"text/html", PART_SKIPPED},
		{"text/", PART_TEXT},
		{"multipart/", PART_TEXT},
		{"message/rfc822", PART_MAIL},
		{"message/global", PART_MAIL},
		{"image/", PART_SKIPPED},
		{"audio/", PART_SKIPPED},
		{"video/", PART_SKIPPED},
		{"application/pgp-signature", PART_SKIPPED},
	};

	for (size_t i = 0; i < array_size(types); i++)
		if (!strncasecmp(type, types[i].start, strlen(types[i].start)))
			return types[i].part;
	return PART_UNKNOWN;
}

static enum mail_encoding mail_encoding_of(const char *value)
{
	if (!strncasecmp(value, "quoted-printable", strlen("quoted-printable")))
		return MAIL_QUOTED;
	return strncasecmp(value, "base64", strlen("base64")) ? MAIL_PLAIN : MAIL_BASE64;
}

static void mail_take_file(struct mail_reader *r, char *file)
{
	if (!file)
		return;
	free(r->file);
	r->file = file;
}

static void mail_take_header(struct mail_reader *r, const char *header)
{
	const char *encoding = mail_value(header, "Content-Transfer-Encoding");
	const char *disposition = mail_value(header, "Content-Disposition");
	const char *type = mail_value(header, "Content-Type");

	if (encoding)
		r->encoding = mail_encoding_of(encoding);
	if (disposition)
		mail_take_file(r, mail_attribute(disposition, "filename"));
	if (type) {
		char *boundary = mail_attribute(type, "boundary");

		if (boundary)
			vec_push(&r->boundaries, boundary);
		mail_take_file(r, mail_attribute(type, "name"));
		r->part = mail_part_of(type);
	}
}

static void mail_begin_part(struct mail_reader *r)
{
	r->encoding = MAIL_PLAIN;
	r->part = PART_TEXT;
	free(r->file);
	r->file = NULL;
}

/* Reads headers and keeps them in the text, where they do no harm. */
static void mail_read_headers(struct mail_reader *r)
{
	scope_strbuf header = STRBUF_INIT;

	mail_begin_part(r);
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

/* Reads the headers of a part, and those of the mail that the part is. */
static struct err *mail_read_part(struct mail_reader *r)
{
	mail_read_headers(r);
	while (r->part == PART_MAIL) {
		if (r->encoding != MAIL_PLAIN)
			return mail_error(
				r,
				"the attached mail is encoded as a whole; save it as a file of its own");
		if (!mail_is_header(r->pos)) {
			mail_begin_part(r);
			break;
		}
		mail_read_headers(r);
	}
	return NULL;
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

/* Returns whether text has a line that begins a diff. */
static bool mail_has_diff(const char *text)
{
	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (str_starts(line, "diff --git ") || str_starts(line, "@@ -") ||
		    str_starts(line, "--- a/"))
			return true;
	}
	return false;
}

/* Decides about a part that is not said to be text, from what is in it. */
static struct err *mail_judge_unknown(struct mail_reader *r, const struct strbuf *body)
{
	bool is_text = body->len && !memchr(body->buf, '\0', body->len);
	const char *file = r->file ? r->file : "";

	if (is_text && (mail_has_diff(body->buf) || mail_has_ending(file, ".patch") ||
			mail_has_ending(file, ".diff")))
		r->part = PART_TEXT;
	else if (!is_text && (strcasestr(file, ".patch") || strcasestr(file, ".diff")))
		return err_new(
			"%s:%u: the attachment %s is not text; unpack it and give it as a file of its own",
			r->name, r->line, file);
	return NULL;
}

/*
 * A header behind text that is no header does not count for mail programs, but it then shows that
 * the text is not as it was sent: undecoded, it could compile to something else.
 */
static struct err *mail_check_plain(const struct mail_reader *r)
{
	const char *encoding = mail_value(r->pos, "Content-Transfer-Encoding");

	if (!encoding || mail_encoding_of(encoding) == MAIL_PLAIN)
		return NULL;
	return mail_error(
		r,
		"a header of an encoded mail stands behind other text; save the mail as it was sent");
}

static struct err *mail_read_body(struct mail_reader *r)
{
	scope_strbuf body = STRBUF_INIT;
	struct mail_base64 base64 = {};
	bool blank = true;

	while (!mail_body_ends(r, blank)) {
		size_t len = mail_line_length(r->pos);

		blank = !len;
		if (r->encoding == MAIL_QUOTED && r->part != PART_SKIPPED)
			err_try(mail_decode_quoted(r, r->pos, len, &body));
		else if (r->encoding == MAIL_BASE64 && r->part != PART_SKIPPED)
			err_try(mail_decode_base64(r, r->pos, len, &base64, &body));
		else
			strbuf_add(&body, r->pos, len + (r->pos[len] == '\n'));
		if (r->encoding == MAIL_PLAIN)
			err_try(mail_check_plain(r));
		mail_next_line(r);
	}
	if (base64.count)
		return mail_error(r, "the base64 text is cut short");
	if (r->part == PART_UNKNOWN)
		err_try(mail_judge_unknown(r, &body));
	if (r->part == PART_UNKNOWN || r->part == PART_SKIPPED)
		return NULL;
	if (r->encoding != MAIL_PLAIN && body.len)
		return mail_add_decoded(r, body.buf, body.len);
	strbuf_add(r->out, body.buf, body.len);
	return NULL;
}

/*
 * Handles a line that is a boundary: either more headers follow, or the enclosing part continues.
 */
static struct err *mail_cross_boundary(struct mail_reader *r)
{
	bool ends = false;
	size_t part = mail_boundary(r, r->pos, &ends);

	if (!part)
		return NULL;
	while (r->boundaries.len > part - ends)
		free(r->boundaries.data[--r->boundaries.len]);
	mail_next_line(r);
	mail_begin_part(r);
	return ends ? NULL : mail_read_part(r);
}

/* Some editors put a byte order mark at the start, and some programs an empty line. */
static void mail_skip_to_header(struct mail_reader *r)
{
	size_t blank;

	if (str_starts(r->pos, "\xef\xbb\xbf"))
		r->pos += 3;
	blank = strspn(r->pos, "\n");
	while (blank--) {
		strbuf_addch(r->out, '\n');
		mail_next_line(r);
	}
}

static struct err *mail_read_all(struct mail_reader *r)
{
	bool starts = true; /* a mail may begin here */

	mail_skip_to_header(r);
	while (*r->pos) {
		if (starts || mail_is_separator(r->pos)) {
			bool separated = mail_is_separator(r->pos);

			str_vec_free(&r->boundaries);
			mail_begin_part(r);
			if (separated)
				mail_next_line(r);
			if (mail_is_header(r->pos))
				err_try(mail_read_part(r));
			starts = false;
		}
		err_try(mail_cross_boundary(r));
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
	free(reader.file);
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
