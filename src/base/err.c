/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes, wraps and frees errors. */
#include "base/err.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"

struct err {
	enum err_code code;
	char *message;
	struct err_part parts[ERR_PARTS]; /* those without a name are not used */
};

static struct err *err_vnew(enum err_code code, const char *fmt, va_list ap)
{
	struct strbuf message = STRBUF_INIT;
	struct err *err = xcalloc(1, sizeof(*err));

	strbuf_vaddf(&message, fmt, ap);
	err->code = code;
	err->message = strbuf_detach(&message);
	return err;
}

struct err *err_new(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	struct err *err = err_vnew(ERR_FAILED, fmt, ap);
	va_end(ap);
	return err;
}

struct err *err_code_new(enum err_code code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	struct err *err = err_vnew(code, fmt, ap);
	va_end(ap);
	return err;
}

struct err *err_errno(int errnum, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	struct err *err = err_vnew(ERR_FAILED, fmt, ap);
	va_end(ap);

	char *whole = xasprintf("%s: %s", err->message, strerror(errnum));

	free(err->message);
	err->message = whole;
	return err;
}

struct err *err_wrap(struct err *err, const char *fmt, ...)
{
	va_list ap;

	/* If the user pressed ^C, the context of the error does not matter. */
	if (!err || err->code == ERR_INTERRUPTED)
		return err;

	va_start(ap, fmt);
	struct err *wrapped = err_vnew(err->code, fmt, ap);
	va_end(ap);

	char *whole = xasprintf("%s: %s", wrapped->message, err->message);

	free(wrapped->message);
	wrapped->message = whole;
	memcpy(wrapped->parts, err->parts, sizeof(err->parts));
	memset(err->parts, 0, sizeof(err->parts));
	err_free(err);
	return wrapped;
}

static struct err *err_add_part(struct err *err, struct err_part part)
{
	for (unsigned i = 0; i < ERR_PARTS; i++) {
		if (err->parts[i].name)
			continue;
		err->parts[i] = part;
		break;
	}
	return err;
}

struct err *err_add(struct err *err, const char *name, const char *text)
{
	return err_add_part(err, (struct err_part){.name = name, .text = xstrdup(text)});
}

struct err *err_add_number(struct err *err, const char *name, size_t number)
{
	return err_add_part(err, (struct err_part){.name = name, .number = number});
}

const struct err_part *err_part(const struct err *err, unsigned index)
{
	return index < ERR_PARTS && err->parts[index].name ? &err->parts[index] : NULL;
}

const char *err_message(const struct err *err)
{
	return err->message;
}

enum err_code err_code(const struct err *err)
{
	return err->code;
}

void err_free(struct err *err)
{
	if (!err)
		return;
	for (unsigned i = 0; i < ERR_PARTS; i++)
		free(err->parts[i].text);
	free(err->message);
	free(err);
}

void err_freep(struct err **errp)
{
	err_free(*errp);
}
