/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Exercises the kernel's code for clocks, timers and asynchronous I/O. */
#include <linux/io_uring.h>
#include <linux/aio_abi.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

#include "exercise.h"

#define SHORT_NS 50000

static void clocks(void)
{
	struct timespec ts;
	struct timex tx = {};

	for (int clock = 0; clock < 12; clock++) {
		syscall(SYS_clock_gettime, clock, &ts);
		clock_getres(clock, &ts);
	}
	nanosleep(&(struct timespec){.tv_nsec = SHORT_NS}, NULL);
	clock_nanosleep(CLOCK_MONOTONIC, 0, &(struct timespec){.tv_nsec = SHORT_NS}, NULL);
	adjtimex(&tx);
}

static void timers(void)
{
	struct itimerval interval = {.it_value = {.tv_sec = 100}}, none = {};
	struct sigevent quiet = {.sigev_notify = SIGEV_NONE};
	struct itimerspec soon = {.it_value = {.tv_nsec = SHORT_NS}};
	timer_t timer;

	setitimer(ITIMER_REAL, &interval, NULL);
	getitimer(ITIMER_REAL, &interval);
	setitimer(ITIMER_REAL, &none, NULL);
	if (timer_create(CLOCK_MONOTONIC, &quiet, &timer))
		return;
	timer_settime(timer, 0, &soon, NULL);
	timer_gettime(timer, &soon);
	timer_getoverrun(timer);
	timer_delete(timer);
}

static void timer_files(void)
{
	struct itimerspec soon = {.it_value = {.tv_nsec = SHORT_NS}};
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	uint64_t count;

	timerfd_settime(fd, 0, &soon, NULL);
	timerfd_gettime(fd, &soon);
	(void)!read(fd, &count, sizeof(count));
	close(fd);
}

static void async_io(void)
{
	aio_context_t context = 0;
	struct io_uring_params params;

	syscall(SYS_io_setup, 4, &context);
	syscall(SYS_io_getevents, context, 0l, 1l, NULL, &(struct timespec){});
	syscall(SYS_io_destroy, context);
	memset(&params, 0, sizeof(params));

	int fd = syscall(SYS_io_uring_setup, 4, &params);

	if (fd < 0)
		return;
	syscall(SYS_io_uring_enter, fd, 0, 0, 0, NULL, 0);
	close(fd);
}

const struct exercise time_exercises[] = {
	{"clocks and sleeping", clocks},
	{"timers", timers},
	{"timerfd", timer_files},
	{"asynchronous I/O", async_io},
	{},
};
