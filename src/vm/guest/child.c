/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ends processes, and shows where one that does not end hangs in the kernel. */
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>

#include "child.h"
#include "klog.h"
#include "util.h"
#include "vm/protocol.h"

bool child_end(pid_t pid, unsigned limit_ms, struct event *ev)
{
	struct deadline deadline = deadline_from(now_ms(), limit_ms);
	char stack[4096];

	kill(pid, SIGKILL);
	while (waitpid(pid, NULL, WNOHANG) == 0) {
		if (!deadline_over(&deadline)) {
			sleep_ms(5);
			continue;
		}

		long size = guest_read_stack(pid, stack, sizeof(stack));

		event_text(ev, KEY_STACK, stack, size > 0 ? size : 0);
		klog_mark(LOG_MARK_REPORT);
		/* 'l' asks the processors what they run, 'w' lists the tasks that are blocked. */
		guest_write_text("/proc/sysrq-trigger", size > 0 ? "w" : "l");
		sleep_ms(100);
		return false;
	}
	return true;
}

bool children_end(pid_t *pids, size_t count, unsigned limit_ms, const char *who, struct event *ev)
{
	bool all = true;

	for (size_t i = 0; i < count; i++) {
		if (pids[i] > 0 && !child_end(pids[i], limit_ms, ev)) {
			if (all)
				event_string(ev, KEY_WHO, who);
			all = false;
		}
		pids[i] = 0;
	}
	kill(-1, SIGKILL); /* kills all processes that the children have started */
	return all;
}
