/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Records that a signal asked the program to stop; long loops check the record. */
#include "base/interrupt.h"

#include <signal.h>
#include <stddef.h>
#include <unistd.h>

static volatile sig_atomic_t interrupted;

static unsigned end_within; /* seconds; 0: no limit */

static void interrupt_on_signal(int signum)
{
	interrupted = signum;
	if (end_within)
		alarm(end_within);
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

void interrupt_end_within(unsigned seconds, void (*end)(int signum))
{
	struct sigaction action = {.sa_handler = end};

	end_within = seconds;
	sigaction(SIGALRM, &action, NULL);
	if (interrupted)
		alarm(seconds);
}

bool interrupt_pending(void)
{
	return interrupted;
}

struct err *interrupt_error(void)
{
	return err_code_new(ERR_INTERRUPTED, "interrupted");
}
