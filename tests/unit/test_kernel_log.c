/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests the table that judges the kernel's log and taint flags: both of its users, the trial in a
 * guest and the watch after loading, must come to its verdict for every row.
 */
#include <regex.h>
#include <sys/socket.h>
#include <unistd.h>

#include "live/health.h"
#include "live/klog.h"
#include "live_tree.h"
#include "vm/kernel_log.h"
#include "vm/plan_module.h"
#include "vm/result.h"
#include "vm/session_log.h"

/* Returns a line that a row's pattern matches; free(). */
static char *sample_of(const char *pattern)
{
	scope_strbuf line = STRBUF_INIT;

	for (const char *at = pattern; *at; at++) {
		if (*at == '*' || *at == '$')
			continue;
		if (*at != '%') {
			strbuf_addch(&line, *at);
			continue;
		}
		at++;
		strbuf_addstr(&line, *at == 'd'	  ? "12"
				     : *at == 'x' ? "00ff"
				     : *at == 'h' ? "0002"
				     : *at == 'i' ? "f"
				     : *at == 'c' ? "my task"
				     : *at == 'r' ? " SMP"
						  : "word");
	}
	return strbuf_detach(&line);
}

/* Returns whether a trial in a guest fails if the kernel logs the line during the load. */
static bool trial_fails(const char *line)
{
	static const char *const patches[] = {"x.ko", NULL};
	static const char *const none[] = {NULL};
	struct vm_spec spec = {.patches = patches, .checks = none};
	scope_str_vec needed = {};
	scope_plan plan = PLAN_INIT;

	plan_add_module(&plan, &spec, 0, &(struct plan_patch){.name = "x", .needed = &needed});

	scope_vm_result result = vm_result_new(&spec);
	scope_session session = session_new(result, &spec, &plan);

	for (size_t i = 0; i < plan.steps.len; i++) {
		scope_free char *mark = xasprintf("suture: step %zu", i + 1);

		if (plan.steps.data[i].verb == PLAN_INSERT)
			session_log_line(&session, mark, mark);
	}
	ck_assert_ptr_nonnull(session.log.step);
	session_log_line(&session, line, line);
	return result->modules.data[0].why;
}

/* Returns whether the watch after loading ends if the kernel logs the line. */
static bool watch_ends(const char *line)
{
	scope_str_vec names = {}, gone = {};
	scope_free char *record = xasprintf("4,1,1,-;%s\n", line), *why = NULL;
	int fds[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, fds), 0);
	ck_assert_int_eq(write(fds[1], record, strlen(record)), strlen(record));

	struct live_klog klog = {.fd = fds[0]};

	ck_assert_ok(live_health_watch(
		&(struct live_health){.root = tree, .klog = &klog, .names = &names}, &gone, &why));
	close(fds[0]);
	close(fds[1]);
	return why;
}

START_TEST(both_users_agree_on_every_row)
{
	const struct kernel_log_row *row;

	tree_open();
	for (size_t i = 0; (row = kernel_log_row(i)); i++) {
		scope_free char *line = sample_of(row->pattern);
		bool finding = row->kind == KERNEL_LOG_FINDING;
		bool harmless = row->kind == KERNEL_LOG_PLAIN || row->kind == KERNEL_LOG_REASON;

		ck_assert_msg(kernel_log_judge(line, KERNEL_LOG_GUEST) == row->kind, "%s", line);
		ck_assert_msg(kernel_log_judge(line, KERNEL_LOG_MACHINE) == row->kind, "%s", line);
		ck_assert_msg(trial_fails(line) == !harmless, "trial: %s", line);
		ck_assert_msg(watch_ends(line) == finding, "watch: %s", line);
	}
	tree_close();
}
END_TEST

/* A trial and the watch once disagreed on these lines. */
START_TEST(lines_that_were_judged_in_two_ways)
{
	static const char *const lines[] = {
		"INFO: trying to register non-static key.",
		"------------[ ftrace bug ]------------",
		"int3: 0000 [#1] SMP NOPTI",
		"traps: Missing ENDBR: f+0x1/0x2",
		"Missing ENDBR: 0xffffffff81000000",
		"CFI failure at f+0x1/0x2 (target: g+0x0/0x10; expected type: 0x12345678)",
		"CFI failure at f+0x1/0x2 [x] (no target information)",
		"corrupted stack end detected inside scheduler",
		"Thread overran stack, or stack corrupted",
		"[ BUG: Invalid wait context ]",
		"rcu: INFO: rcu_tasks detected stalls on tasks:",
		"softirq: huh, entered softirq 3 NET_RX f with preempt_count 00000100",
		"VFS: Busy inodes after unmount of sda1 (ext4)",
		"Oops: int3: 0000 [#1] SMP",
	};

	tree_open();
	for (size_t i = 0; i < array_size(lines); i++) {
		ck_assert_msg(trial_fails(lines[i]), "trial: %s", lines[i]);
		ck_assert_msg(watch_ends(lines[i]), "watch: %s", lines[i]);
	}
	tree_close();
}
END_TEST

/* The name of a task or file may contain any part of a row. */
START_TEST(no_row_is_met_by_a_name)
{
	static const char *const rests[][2] = {
		{"[77]: segfault at 0 ip 401136 sp 7ffd error 4 in ", "[0+1]"},
		{"[77] bad frame in rt_sigreturn frame:0 ip:0 sp:0 orax:f in ", "[0+1]"},
		{": page allocation failure: order:0, nodemask=(null),cpuset=", ",mems_allowed=0"},
		{" invoked oom-killer: gfp_mask=0xcc0", ""},
		{"/77 is not happy with ", "."},
		{" (77): drop_caches: 3 ", ""},
	};
	const struct kernel_log_row *row;

	for (size_t i = 0; (row = kernel_log_row(i)); i++) {
		scope_free char *line = sample_of(row->pattern);

		for (size_t cut = 1; cut <= 15 && cut <= strlen(line); cut++) {
			for (size_t j = 0; j < array_size(rests); j++) {
				scope_free char *shaped =
					xasprintf("%.*s%s%s%s", (int)cut, line, rests[j][0],
						  *rests[j][1] ? line + cut : "", rests[j][1]);

				ck_assert_msg(kernel_log_judge(shaped, KERNEL_LOG_MACHINE) !=
						      KERNEL_LOG_FINDING,
					      "%s", shaped);
			}
		}
	}
}
END_TEST

START_TEST(each_row_has_a_source)
{
	const struct kernel_log_row *row;
	regex_t form;

	ck_assert_int_eq(regcomp(&form,
				 "^[a-zA-Z0-9_/-]+/[a-z0-9_]+\\.[ch] [a-zA-Z0-9_]+\\(\\) "
				 "[3-9]\\.[0-9]+$",
				 REG_EXTENDED | REG_NOSUB),
			 0);
	for (size_t i = 0; (row = kernel_log_row(i)); i++) {
		ck_assert_msg(!regexec(&form, row->source, 0, NULL, 0), "%s", row->source);
		ck_assert_msg(row->kind != KERNEL_LOG_FINDING || !strchr(row->pattern, '*'), "%s",
			      row->pattern);
	}
	regfree(&form);
}
END_TEST

/* Warnings in a guest can only come from the trial. */
START_TEST(a_guest_takes_warnings_that_no_row_knows)
{
	static const char *const lines[] = {
		"x: WARNING: something new",	   "BUG: something new",
		"BUG new_cache (something new): ", "x: BUG: kernel NULL pointer dereference",
		"x: list_add corruption",	   "WARNING: something failed",
	};

	for (size_t i = 0; i < array_size(lines); i++) {
		ck_assert_msg(kernel_log_judge(lines[i], KERNEL_LOG_GUEST) == KERNEL_LOG_FINDING,
			      "%s", lines[i]);
		ck_assert_msg(kernel_log_judge(lines[i], KERNEL_LOG_MACHINE) != KERNEL_LOG_FINDING,
			      "%s", lines[i]);
	}
}
END_TEST

START_TEST(taint_flags_by_place)
{
	enum { FORCED = 1 << 1, BAD_PAGE = 1 << 5, DIED = 1 << 7, WARN = 1 << 9, LIVE = 1 << 15 };

	scope_free char *guest = kernel_taint_gained(LIVE, FORCED | WARN | LIVE, KERNEL_LOG_GUEST);
	scope_free char *machine = kernel_taint_gained(0, FORCED | WARN | LIVE, KERNEL_LOG_MACHINE);
	scope_free char *unknown = kernel_taint_gained(0, 1l << 40, KERNEL_LOG_GUEST);

	ck_assert_str_eq(guest, "F (module forced), W (warning)");
	ck_assert_str_eq(machine, "W (warning)");
	ck_assert_str_eq(unknown, "unknown flag");
	ck_assert_ptr_null(kernel_taint_gained(WARN, WARN, KERNEL_LOG_MACHINE));
	ck_assert_ptr_null(kernel_taint_gained(0, 1l << 40, KERNEL_LOG_MACHINE));
	ck_assert(kernel_taint_has_died(DIED | BAD_PAGE));
	ck_assert(!kernel_taint_has_died(WARN | BAD_PAGE));
}
END_TEST

UNIT_SUITE("kernel log", both_users_agree_on_every_row, lines_that_were_judged_in_two_ways,
	   no_row_is_met_by_a_name, each_row_has_a_source, a_guest_takes_warnings_that_no_row_knows,
	   taint_flags_by_place)
