/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What else runs at functions that live patches replace, from texts as the kernel writes them. */
#include "live/attached.h"
#include "live/tasks.h"
#include "unit.h"

static char traced[] =
	"pipe_read (2) R I D   tramp: 0xffffffffc0a8f000 (klp_ftrace_handler+0x0/0x1c0)\n"
	"\tdirect-->bpf_trampoline_4295000001+0x0/0x1000\n"
	"pipe_read_more (1)       D   M\n"
	"\tdirect-->bpf_trampoline_4295000002_0+0x0/0x1000\n"
	"do_work [first] (1)   D   \n"
	"\tdirect-->someone_else+0x0/0x20 [other]\n"
	"do_work [second] (1) R     \n"
	"vfs_read (1)   I   \n";
static char probed[] = "ffffffff81000000  k  vfs_read+0x0    [FTRACE]\n"
		       "ffffffff81000004  k  vfs_write+0x4    [FTRACE]\n"
		       "ffffffff81000005  r  vfs_write+0x5    \n"
		       "ffffffff81000020  k  vfs_open+0x20    [DISABLED]\n"
		       "ffffffff81000010  k  vfs_open+0x10    \n"
		       "ffffffffc0000010  k  do_work+0x8  second [OPTIMIZED]\n";

static struct live_attached attached = {.traced = traced, .probed = probed};

static struct live_users users_of(const char *object, const char *function)
{
	return live_attached_users(&attached, object, function);
}

START_TEST(users_by_the_lists_of_the_kernel)
{
	struct live_users users = users_of("vmlinux", "pipe_read");

	ck_assert(users.diverted && users.direct && users.keyed && !users.probed_inside);
	ck_assert_uint_eq(users.key, 4295000001);
	users = users_of("vmlinux", "pipe_read_more");
	ck_assert(!users.diverted && users.direct && users.keyed);
	ck_assert_uint_eq(users.key, 4295000002);
	users = users_of("vmlinux", "vfs_read");
	ck_assert(users.diverted && !users.direct && !users.probed_inside);
	/* Modules have functions of the same name. */
	ck_assert(users_of("first", "do_work").direct && !users_of("first", "do_work").keyed);
	ck_assert(!users_of("second", "do_work").direct);
	ck_assert(!users_of("vmlinux", "do_work").direct);
	ck_assert(!users_of("vmlinux", "pipe_rea").direct);
}
END_TEST

START_TEST(probes_at_entries_and_returns_go_on)
{
	ck_assert(!users_of("vmlinux", "vfs_read").probed_inside);
	ck_assert(!users_of("vmlinux", "vfs_write").probed_inside);
	ck_assert(users_of("vmlinux", "vfs_open").probed_inside);
	ck_assert_uint_eq(users_of("vmlinux", "vfs_open").offset, 0x10);
	ck_assert(users_of("second", "do_work").probed_inside);
	ck_assert(!users_of("first", "do_work").probed_inside);
	ck_assert(!users_of("vmlinux", "do_work").probed_inside);
}
END_TEST

/* Returns the severity of the only finding on pipe_read, with that text in it; -1: none. */
static int said(enum bpf_link_kind kind, const char *text)
{
	scope_findings findings = {};
	struct bpf_link link = {4295000001, kind, "audit"};

	vec_free(&attached.links);
	vec_push(&attached.links, ((struct bpf_link){4295000002, BPF_LINK_FMOD_RET, "else"}));
	vec_push(&attached.links, link);
	live_attached_warn(&attached, "live_pipe", "vmlinux", "pipe_read", &findings);
	vec_free(&attached.links);
	if (!findings.len)
		return -1;
	ck_assert_uint_eq(findings.len, 1);
	ck_assert_msg(strstr(findings.data[0].message, text) != NULL, "%s",
		      findings.data[0].message);
	return findings.data[0].severity;
}

START_TEST(programs_that_decide_are_warned_of)
{
	ck_assert_int_eq(said(BPF_LINK_FENTRY, ""), -1);
	ck_assert_int_eq(said(BPF_LINK_FEXIT, "the BPF program audit (fexit) is attached"),
			 SEVERITY_NOTE);
	ck_assert_int_eq(said(BPF_LINK_FMOD_RET,
			      "the BPF program audit (fmod_ret) is attached to pipe_read and "
			      "comes first"),
			 SEVERITY_WARN);
	ck_assert_int_eq(said(BPF_LINK_LSM, "neither the old nor the new code runs"),
			 SEVERITY_WARN);
}
END_TEST

START_TEST(a_blocking_task_names_the_program)
{
	struct live_task task = {
		.pid = 7, .tid = 7, .command = "cat", .state = 'S', .stack = "pipe_read"};
	scope_free char *plain = live_task_describe(&task);

	task.held_by = "the BPF program audit (fexit)";

	scope_free char *held = live_task_describe(&task);

	ck_assert_str_eq(plain, "cat (pid 7), sleeping: pipe_read");
	ck_assert_str_eq(held, "cat (pid 7), sleeping: pipe_read; it is held up by the BPF program "
			       "audit (fexit), until it leaves that function");
}
END_TEST

UNIT_SUITE("live-attached", users_by_the_lists_of_the_kernel, probes_at_entries_and_returns_go_on,
	   programs_that_decide_are_warned_of, a_blocking_task_names_the_program)
