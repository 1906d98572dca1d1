/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Notes signals that ask the program to stop, for loops that look. */
#include "base/interrupt.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t interrupted;

static void interrupt_on_signal(int signum)
{
	interrupted = signum;
}

void interrupt_install(void)
{
	/* No SA_RESTART: a blocking wait returns EINTR and looks at the flag. */
	struct sigaction action = {.sa_handler = interrupt_on_signal};

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
}

bool interrupt_pending(void)
{
	return interrupted;
}

struct err *interrupt_error(void)
{
	return err_code_new(ERR_INTERRUPTED, "interrupted");
}
