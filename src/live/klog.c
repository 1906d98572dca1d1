/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the lines that the kernel logs from now on, by /dev/kmsg. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "finding/finding.h"
#include "live/klog.h"

#define RECORD_MAX 8192 /* no record is longer: the kernel's CONSOLE_EXT_LOG_MAX */

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

/* Counts lost records: if numbers are missing, their records were overwritten before. */
static void count_lost(struct live_klog *klog, const char *text)
{
	uint64_t number = *text == ',' ? strtoull(text + 1, NULL, 10) : 0;

	if (klog->next && number > klog->next) {
		klog->lost += number - klog->next;
		klog->lost_more = false;
	}
	if (number)
		klog->next = number + 1;
}

char *live_klog_lost(const struct live_klog *klog)
{
	if (klog->lost)
		return xasprintf("%llu lines%s", (unsigned long long)klog->lost,
				 klog->lost_more ? " or more" : "");
	return klog->lost_more ? xstrdup("some lines") : NULL;
}

/* Adds a record "6,1234,5678901,-;the text\n KEY=value\n" (Documentation/ABI/testing/dev-kmsg). */
static void add_record(struct live_klog *klog, char *record, struct str_vec *lines)
{
	char *text = strchr(record, ';'), *number;
	unsigned priority = strtoul(record, &number, 10);

	count_lost(klog, number);
	if (*number == ',' && strtoull(number + 1, NULL, 10) < klog->from)
		return;
	if (!text || priority > 7) /* a process has written this line to /dev/kmsg */
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

		if (got < 0 && errno == EPIPE) { /* records were overwritten */
			klog->lost_more = true;
			continue;
		}
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		record[got] = '\0';
		add_record(klog, record, lines);
	}
}

static struct live_klog *klog_open_all(const struct root *root, uint64_t from)
{
	struct live_klog *klog = live_klog_open(root);

	if (klog->fd >= 0)
		lseek(klog->fd, 0, SEEK_SET);
	klog->from = from;
	return klog;
}

uint64_t live_klog_number(const struct root *root)
{
	scope_live_klog klog = klog_open_all(root, UINT64_MAX);
	scope_str_vec none = {};

	live_klog_read(klog, &none);
	return klog->next;
}

void live_klog_since(const struct root *root, uint64_t number, struct str_vec *lines)
{
	scope_live_klog klog = klog_open_all(root, number);

	live_klog_read(klog, lines);
}

void live_klog_check(const struct root *root, struct finding_vec *findings)
{
	scope_live_klog klog = live_klog_open(root);

	if (klog->fd < 0 && root_is_machine(root))
		finding_add_about(
			findings, SEVERITY_WARN, "log", NULL, NULL,
			"/dev/kmsg cannot be read: the watch will not see the kernel's log, only its taint flags and the probes");
}

void live_klog_freep(struct live_klog **klogp)
{
	if (!*klogp)
		return;
	closep(&(*klogp)->fd);
	free(*klogp);
}
