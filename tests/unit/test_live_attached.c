/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What else runs at functions that live patches replace, from texts as the kernel writes them. */
#include "live/attached.h"
#include "live/tasks.h"
#include "live_tree.h"

static char traced[] =
	"pipe_read (2) R I D   tramp: 0xffffffffc0a8f000 (klp_ftrace_handler+0x0/0x1c0)\n"
	"\tdirect-->bpf_trampoline_4295000001+0x0/0x1000\n"
	"pipe_read_more (1)       D   M\n"
	"\tdirect-->bpf_trampoline_4295000002_0+0x0/0x1000\n"
	"do_work [first] (1)   D   \n"
	"\tdirect-->someone_else+0x0/0x20 [other]\n"
	"do_work [second] (1) R     \n"
	"twin (1)       D   M\n"
	"\tdirect-->bpf_trampoline_4295000003+0x0/0x1000\n"
	"twin (1) R     \n"
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
	return live_attached_users(&attached, &(struct live_place){object, function, 0});
}

START_TEST(users_by_the_lists_of_the_kernel)
{
	struct live_users users = users_of("vmlinux", "pipe_read");

	ck_assert(users.diverted && users.direct && users.keyed && !users.probed_inside);
	ck_assert_uint_eq(users.key, 4295000001);
	users = users_of("vmlinux", "pipe_read_more");
	ck_assert(!users.diverted && users.direct && users.keyed);
	ck_assert_uint_eq(users.key, 4295000002);
	/* Of two functions of one name, either may be meant. */
	users = users_of("vmlinux", "twin");
	ck_assert(users.direct && users.keyed);
	ck_assert_uint_eq(users.key, 4295000003);
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

static const struct live_place pipe_place = {"vmlinux", "pipe_read", 0};

/* Returns the severity of the only finding on pipe_read, with that text in it; -1: none. */
static int said(enum bpf_link_kind kind, const char *text)
{
	scope_findings findings = {};
	struct bpf_link link = {4295000001, kind, "audit"};

	vec_free(&attached.links);
	vec_push(&attached.links, ((struct bpf_link){4295000002, BPF_LINK_FMOD_RET, "else"}));
	vec_push(&attached.links, link);
	live_attached_warn(&attached, "live_pipe", &pipe_place, &findings);
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

/* Where bpf(2) is not allowed, the list of programs is empty. */
START_TEST(programs_of_unknown_kind_are_warned_of)
{
	scope_findings findings = {};
	scope_free char *over = NULL;

	vec_free(&attached.links);
	live_attached_warn(&attached, "live_pipe", &pipe_place, &findings);
	ck_assert_uint_eq(findings.len, 1);
	ck_assert_int_eq(findings.data[0].severity, SEVERITY_WARN);
	ck_assert_str_eq(findings.data[0].message,
			 "a BPF program of unknown kind is attached to pipe_read: it may run in "
			 "place of the old and the new code");
	over = live_attached_over(&attached, &pipe_place);
	ck_assert_str_eq(over, "a BPF program of unknown kind");
}
END_TEST

/* Returns what may run in place of pipe_read, to which a program of that kind is attached. */
static char *over(enum bpf_link_kind kind)
{
	struct bpf_link link = {4295000001, kind, "audit"};

	vec_push(&attached.links, link);

	char *who = live_attached_over(&attached, &pipe_place);

	vec_free(&attached.links);
	return who;
}

START_TEST(what_may_run_in_place_of_the_new_code)
{
	scope_free char *modifier = over(BPF_LINK_FMOD_RET);
	scope_free char *other =
		live_attached_over(&attached, &(struct live_place){"first", "do_work", 0});

	ck_assert_str_eq(modifier, "the BPF program audit (fmod_ret)");
	ck_assert_str_eq(other, "a direct call of another module");
	ck_assert_ptr_null(over(BPF_LINK_FENTRY));
	ck_assert_ptr_null(over(BPF_LINK_FEXIT));
	ck_assert_ptr_null(
		live_attached_over(&attached, &(struct live_place){"vmlinux", "vfs_read", 0}));
}
END_TEST

/* Two functions of vmlinux and one of a module have the name; each has a probe but the first. */
START_TEST(functions_of_one_name_are_told_apart)
{
	struct live_attached two = {
		.traced = "twice (1)   I   \ntwice (1) R     \n",
		.probed = "ffffffff81002010  k  twice+0x10    \n"
			  "ffffffffc0001030  k  twice+0x30  other \n",
		.symbols = "ffffffff81001000 t twice\nffffffff81001800 t twice_more\n"
			   "ffffffff81002000 t twice\nffffffffc0001000 t twice\t[other]\n",
	};
	const struct live_place first = {"vmlinux", "twice", 1}, second = {"vmlinux", "twice", 2};
	struct live_users users = live_attached_users(&two, &first);
	scope_findings findings = {};

	ck_assert(!users.probed_inside && users.diverted && users.namesakes);
	users = live_attached_users(&two, &second);
	ck_assert(users.probed_inside && !users.probed_which && users.offset == 0x10);
	users = live_attached_users(&two, &(struct live_place){"other", "twice", 1});
	ck_assert(users.probed_inside && !users.namesakes && users.offset == 0x30);

	/* The kernel may hide the addresses. */
	two.symbols = "0000000000000000 t twice\n0000000000000000 t twice\n";
	live_attached_warn(&two, "live_twice", &first, &findings);
	ck_assert_uint_eq(findings.len, 1);
	ck_assert_ptr_nonnull(strstr(findings.data[0].message, "if it is the replaced one"));
}
END_TEST

START_TEST(probes_that_do_not_fire_at_all)
{
	struct live_attached disarmed = {
		.probed = "ffffffff81000020  k  f+0x20    [DISABLED]\n"
			  "ffffffff81000020  k  f+0x20    [GONE]\n"
			  "ffffffff81000020  k  f+0x20    [DISABLED][OPTIMIZED]\n",
	};

	ck_assert(!live_attached_users(&disarmed, &(struct live_place){"vmlinux", "f", 0})
			   .probed_inside);
}
END_TEST

/* Returns whether the lists of a machine are said to be unreadable: those of programs, of probes.
 */
static bool unread(const char *text)
{
	scope_cleanup(live_attached_free) struct live_attached lists;
	scope_findings findings = {};
	bool found = false;

	live_attached_read(tree, &lists);
	live_attached_warn_unread(&lists, &findings);
	vec_foreach(&findings, it)
		found |= it->severity == SEVERITY_WARN && strstr(it->message, text);
	return found;
}

START_TEST(lists_that_cannot_be_read)
{
	tree_open();
	ck_assert_ok(root_remove(tree, "/sys/kernel/tracing"));
	ck_assert_ok(root_remove(tree, "/sys/kernel/debug"));
	ck_assert(unread("which BPF programs and direct calls"));
	ck_assert(unread("which kprobes are set"));
	put("/sys/kernel/debug/tracing/enabled_functions", "");
	ck_assert(!unread("which BPF programs and direct calls"));
	ck_assert(!unread("which kprobes are set")); /* this kernel has none */
	ck_assert_ok(root_make_dir(tree, "/sys/kernel/debug/kprobes"));
	ck_assert(unread("which kprobes are set"));
	put("/sys/kernel/debug/kprobes/enabled", "0\n");
	ck_assert(!unread("which kprobes are set"));
	tree_close();
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
	   programs_that_decide_are_warned_of, programs_of_unknown_kind_are_warned_of,
	   what_may_run_in_place_of_the_new_code, functions_of_one_name_are_told_apart,
	   probes_that_do_not_fire_at_all, lists_that_cannot_be_read,
	   a_blocking_task_names_the_program)
