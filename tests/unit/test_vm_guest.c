/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parts of the guest's init, which is a program of its own. */
#include <sys/socket.h>

#include "unit.h"

#include "vm/guest/event.c"
#include "vm/guest/klog.c"
#include "vm/guest/pages.c"
#include "vm/guest/util.c"
#include "vm/guest/waiters.c"

/* This replaces the function of exercise.c. */
bool child_end(pid_t pid, unsigned limit_ms, struct event *ev)
{
	(void)limit_ms;
	(void)ev;
	kill(pid, SIGKILL);
	return waitpid(pid, NULL, 0) == pid;
}

/* Writes to `out` the events that these records of /dev/kmsg become. */
static void drain(const char *const *records, char *out, size_t size)
{
	int log[2], port[2];
	ssize_t got;

	/* Each read returns one record, as with /dev/kmsg. */
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, log), 0);
	ck_assert_int_eq(pipe(port), 0);
	for (; *records; records++)
		ck_assert_int_eq(write(log[0], *records, strlen(*records)), strlen(*records));
	klog_drain(log[1], port[1]);
	close(port[1]);
	got = read(port[0], out, size - 1);
	ck_assert_int_ge(got, 0);
	out[got] = '\0';
	close(port[0]);
	close(log[0]);
	close(log[1]);
}

START_TEST(records_that_the_kernel_dropped_are_told)
{
	char out[4096];
	static const char *const some[] = {"6,7,100,-;one\n", "4,8,200,-;two\n", NULL};
	static const char *const later[] = {"6,9,300,-;three\n", "6,14,400,c;four\n KEY=x\n", NULL};

	drain(some, out, sizeof(out));
	ck_assert_str_eq(out, "{\"event\":\"log\",\"level\":6,\"us\":100,\"text\":\"one\"}\n"
			      "{\"event\":\"log\",\"level\":4,\"us\":200,\"text\":\"two\"}\n");
	drain(later, out, sizeof(out));
	ck_assert_str_eq(out, "{\"event\":\"log\",\"level\":6,\"us\":300,\"text\":\"three\"}\n"
			      "{\"event\":\"lost\",\"records\":4}\n"
			      "{\"event\":\"log\",\"level\":6,\"us\":400,\"text\":\"four\"}\n");
}
END_TEST

START_TEST(a_slow_host_brings_no_deadline_nearer)
{
	struct deadline deadline = deadline_from(now_ms() - 5000, 100);
	unsigned turns = 0;

	while (!deadline_over(&deadline))
		turns++;
	ck_assert_uint_eq(turns, 10); /* its time has expired, but its work was not done */
	deadline = deadline_from(now_ms(), 0);
	ck_assert(deadline_over(&deadline));
	deadline = deadline_from(now_ms(), 60000);
	ck_assert(!deadline_over(&deadline));
}
END_TEST

/* These pages are free, but not counted in MemFree: while the lists fill, memory seems to leak. */
START_TEST(pages_in_processors_lists_are_found)
{
	static const char zoneinfo[] =
		"Node 0, zone      DMA\n  pages free     1000\n        min      33\n"
		"  pagesets\n    cpu: 0\n              count: 100\n"
		"              high:  200\n              batch: 1\n"
		"    cpu: 1\n              count: 28\n              high:  200\n"
		"Node 0, zone    DMA32\n  pagesets\n    cpu: 0\n"
		"              count: 257\n  node_unreclaimable:  0\n";

	ck_assert_int_eq(pages_listed_kb(zoneinfo), 385 * (sysconf(_SC_PAGESIZE) / 1024));
	ck_assert_int_eq(pages_listed_kb("Node 0, zone      DMA\n"), 0);
	ck_assert_int_gt(pages_kernel_kb(), 0);
}
END_TEST

/* All kinds of waiters wait and are woken; one that nobody wakes is named. */
START_TEST(waiters_are_woken)
{
	struct step on = {.argv = {"waiters", "on"}}, off = {.argv = {"waiters", "off"}};
	struct step wake = {.argv = {"wake"}};
	struct event ev;

	event_begin(&ev, EVENT_STEP);
	ck_assert(verb_waiters(&on, &ev));
	for (size_t i = 0; i < KINDS; i++)
		ck_assert_msg(waiters[i].waits, "%s", kinds[i].name);
	ck_assert_msg(verb_wake(&wake, &ev), "%s", ev.buf);
	ck_assert(verb_waiters(&off, &ev));
	ck_assert(verb_waiters(&on, &ev));
	for (size_t i = 0; i < KINDS; i++) /* as if the kernel looked for it elsewhere */
		if (!strcmp(kinds[i].name, "futex"))
			waiters[i].word += 0x10;
	ck_assert(!verb_wake(&wake, &ev));
	ck_assert_ptr_nonnull(strstr(ev.buf, "\"lost\":\"futex\""));
	for (size_t i = 0; i < KINDS; i++)
		if (!strcmp(kinds[i].name, "futex"))
			waiters[i].word -= 0x10;
	ck_assert(verb_waiters(&off, &ev));
	free(ev.buf);
}
END_TEST

UNIT_SUITE("vm_guest", waiters_are_woken, pages_in_processors_lists_are_found,
	   records_that_the_kernel_dropped_are_told, a_slow_host_brings_no_deadline_nearer)
