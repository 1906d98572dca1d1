/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's log while something is done: /dev/kmsg, read from its end on. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "live/live_internal.h"

#define RECORD_MAX 8192 /* CONSOLE_EXT_LOG_MAX: no record is longer */

struct live_klog {
	int fd; /* -1: it cannot be read here */
};

struct live_klog *live_klog_open(const struct root *root)
{
	struct live_klog *klog = xcalloc(1, sizeof(*klog));
	int fd = root_is_machine(root) ? root_openat(root, "/dev/kmsg", O_RDONLY | O_NONBLOCK, 0)
				       : -1;

	klog->fd = fd < 0 ? -1 : fd;
	if (fd >= 0)
		lseek(fd, 0, SEEK_END);
	return klog;
}

/* "6,1234,5678901,-;the text\n KEY=value\n": Documentation/ABI/testing/dev-kmsg. */
static void add_record(char *record, struct str_vec *lines)
{
	char *text = strchr(record, ';');
	unsigned priority = strtoul(record, NULL, 10);

	if (!text || priority > 7) /* not the kernel's, but somebody's who wrote to /dev/kmsg */
		return;
	text++;
	text[strcspn(text, "\n")] = '\0';
	vec_push(lines, xstrdup(text));
}

void live_klog_read(struct live_klog *klog, struct str_vec *lines)
{
	char record[RECORD_MAX + 1];

	while (klog->fd >= 0) {
		ssize_t got = read(klog->fd, record, RECORD_MAX);

		if (got < 0 &&
		    (errno == EPIPE || errno == EINTR)) /* EPIPE: some were overwritten */
			continue;
		if (got <= 0)
			break;
		record[got] = '\0';
		add_record(record, lines);
	}
}

void live_klog_freep(struct live_klog **klogp)
{
	if (!*klogp)
		return;
	closep(&(*klogp)->fd);
	free(*klogp);
}
