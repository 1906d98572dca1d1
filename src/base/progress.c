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

static void progress_tell(struct progress *progress,
			  void (*tell)(struct progress *progress, const char *message),
			  const char *fmt, va_list ap)
{
	scope_strbuf message = STRBUF_INIT;

	strbuf_vaddf(&message, fmt, ap);
	tell(progress, message.buf);
}

void progress_note(struct progress *progress, const char *fmt, ...)
{
	va_list ap;

	if (!progress)
		return;
	va_start(ap, fmt);
	progress_tell(progress, progress->note, fmt, ap);
	va_end(ap);
}

void progress_detail(struct progress *progress, const char *fmt, ...)
{
	va_list ap;

	if (!progress)
		return;
	va_start(ap, fmt);
	progress_tell(progress, progress->detail, fmt, ap);
	va_end(ap);
}
