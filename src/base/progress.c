/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Forwards progress to the display, if there is one. */
#include "base/progress.h"

#include "base/strbuf.h"

void progress_begin(struct progress *progress, const char *label, uint64_t total,
		    enum progress_unit unit)
{
	if (progress)
		progress->begin(progress, label, total, unit);
}

void progress_update(struct progress *progress, uint64_t done)
{
	if (progress)
		progress->update(progress, done);
}

void progress_end(struct progress *progress)
{
	if (progress)
		progress->end(progress);
}

void progress_note(struct progress *progress, const char *fmt, ...)
{
	scope_strbuf message = STRBUF_INIT;
	va_list ap;

	if (!progress)
		return;
	va_start(ap, fmt);
	strbuf_vaddf(&message, fmt, ap);
	va_end(ap);
	progress->note(progress, message.buf);
}

void progress_detail(struct progress *progress, const char *fmt, ...)
{
	scope_strbuf message = STRBUF_INIT;
	va_list ap;

	if (!progress)
		return;
	va_start(ap, fmt);
	strbuf_vaddf(&message, fmt, ap);
	va_end(ap);
	progress->detail(progress, message.buf);
}
