/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sends the kernel's log to the host, one event for each record. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "klog.h"
#include "event.h"
#include "util.h"
#include "vm/protocol.h"

/* No record is longer: this is CONSOLE_EXT_LOG_MAX of the kernel's include/linux/printk.h. */
#define RECORD_MAX 8192

int klog_open(void)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd >= 0)
		lseek(fd, 0, SEEK_END);
	return fd;
}

/* Tells that the kernel has overwritten records before they were read. */
static void klog_tell_lost(unsigned long long records, int fd)
{
	struct event ev;

	event_begin(&ev, EVENT_LOST);
	event_num(&ev, KEY_RECORDS, records);
	event_send(&ev, fd);
}

/*
 * Sends a record, "priority,sequence,microseconds,flags[,...];text\n KEY=value..."
 * (Documentation/ABI/testing/dev-kmsg).
 */
static void klog_forward(char *record, int fd)
{
	static unsigned long long next; /* 0 if no record was read yet */
	unsigned priority;
	unsigned long long sequence, us;
	char *text = strchr(record, ';');
	struct event ev;

	if (!text || sscanf(record, "%u,%llu,%llu", &priority, &sequence, &us) != 3)
		return;
	if (next && sequence > next)
		klog_tell_lost(sequence - next, fd);
	next = sequence + 1;
	text++;
	event_begin(&ev, EVENT_LOG);
	event_num(&ev, KEY_LEVEL, priority & 7);
	event_num(&ev, KEY_US, us);
	event_text(&ev, KEY_TEXT, text, strcspn(text, "\n"));
	event_send(&ev, fd);
}

void klog_drain(int klog_fd, int fd)
{
	char record[RECORD_MAX + 1];

	for (;;) {
		ssize_t got = read(klog_fd, record, RECORD_MAX);

		if (got > 0) {
			record[got] = '\0';
			klog_forward(record, fd);
		} else if (got == 0 || errno != EPIPE) {
			/* After EPIPE, the next record's number tells how many are lost. */
			return;
		}
	}
}

void klog_mark(const char *text)
{
	char line[128];

	snprintf(line, sizeof(line), "<6>%s\n", text);
	guest_write_text("/dev/kmsg", line);
}
