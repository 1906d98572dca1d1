/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules on what changed code does: what both versions of a function call is counted.  While a
 * transition lasts some tasks run the old code and others the new one, so a difference in locks or
 * references is worth a look even where the new code is right.
 */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "safety/code.h"
#include "safety/safety_internal.h"

/* More names say nothing new. */
#define MAX_NAMES 6

/* A function of the unit, in one version or both, with what each calls. */
struct version {
	const struct diff_item *item;
	struct call_vec before, after;
};

struct version_vec VEC(struct version);

static bool matches(const char *name, const char *const *patterns)
{
	for (; *patterns; patterns++)
		if (!fnmatch(*patterns, name, 0))
			return true;
	return false;
}

static void read_versions(const struct safety_unit *unit, struct version_vec *versions)
{
	size_t count;
	const struct diff_item *items = diff_items(unit->diff, &count);

	for (size_t i = 0; i < count; i++) {
		struct version version = {.item = &items[i]};

		if (items[i].kind != DIFF_FUNCTION || items[i].change == DIFF_SAME ||
		    items[i].flags & (DIFF_COLD | DIFF_INIT))
			continue;
		if (items[i].orig)
			code_calls(unit->orig, items[i].orig, &version.before);
		if (items[i].patched)
			code_calls(unit->patched, items[i].patched, &version.after);
		vec_push(versions, version);
	}
}

static void versions_free(struct version_vec *versions)
{
	vec_foreach(versions, it) {
		vec_free(&it->before);
		vec_free(&it->after);
	}
	vec_free(versions);
}

/* What is called elsewhere instead, because it was inlined or is no longer, is no difference. */
static bool is_moved(const struct version_vec *versions, const char *name)
{
	unsigned before = 0, after = 0;

	vec_foreach(versions, it) {
		before += calls_of(&it->before, name);
		after += calls_of(&it->after, name);
	}
	return before == after;
}

/* ---- locks and references ---- */

static const char *const acquires[] = {
	"_raw_spin_lock*",
	"_raw_read_lock*",
	"_raw_write_lock*",
	"_raw_spin_trylock*",
	"mutex_lock*",
	"mutex_trylock*",
	"__mutex_lock*",
	"ww_mutex_lock*",
	"rt_mutex_lock*",
	"rt_mutex_base_lock*",
	"rt_spin_lock*",
	"rt_read_lock*",
	"rt_write_lock*",
	"down",
	"down_*",
	"percpu_down_*",
	"__percpu_down_read",
	"lock_sock_nested",
	"lock_sock_fast",
	"__lock_sock*",
	"__rcu_read_lock",
	"__srcu_read_lock*",
	"rtnl_lock*",
	"rtnl_trylock",
	"console_lock",
	"cpus_read_lock",
	"cpus_write_lock",
	"lock_page*",
	"__folio_lock*",
	"__lock_buffer",
	"bit_spin_lock",
	"queued_*_lock_slowpath",
	"device_lock",
	NULL,
};

static const char *const releases[] = {
	"_raw_spin_unlock*",
	"_raw_read_unlock*",
	"_raw_write_unlock*",
	"mutex_unlock",
	"ww_mutex_unlock",
	"rt_mutex_unlock",
	"rt_spin_unlock*",
	"rt_read_unlock*",
	"rt_write_unlock*",
	"up",
	"up_read",
	"up_write",
	"percpu_up_*",
	"release_sock",
	"__rcu_read_unlock",
	"__srcu_read_unlock*",
	"rtnl_unlock*",
	"console_unlock",
	"cpus_read_unlock",
	"cpus_write_unlock",
	"unlock_page",
	"folio_unlock",
	"unlock_buffer",
	NULL,
};

static const char *const references[] = {
	"refcount_*",	"kref_*",
	"kobject_get*", "kobject_put",
	"get_device",	"put_device",
	"fget*",	"fput*",
	"dget*",	"dput",
	"igrab",	"iget*",
	"iput",		"mntget",
	"mntput",	"path_get",
	"path_put",	"__put_task_struct*",
	"put_pid*",	"get_pid*",
	"__put_cred",	"free_uid",
	"kernfs_get",	"kernfs_put",
	"module_put",	"try_module_get",
	"__module_get", "dev_put*",
	"dev_hold*",	"__put_net",
	"sk_free",	"sock_put",
	"put_page",	"__folio_put",
	"mmput*",	"mmdrop*",
	"__mmdrop",	"kfree_skb*",
	"css_put*",	"blk_put_queue",
	"bdput",	"of_node_get",
	"of_node_put",	"fwnode_handle_put",
	"dma_buf_put",	"file_free*",
	NULL,
};

/* Calls one of the names, itself or through functions of the unit. */
static const char *reaches(const struct elf_object *object, const struct elf_symbol *function,
			   const char *const *names, unsigned depth)
{
	struct call_vec calls = {};
	const char *found = NULL;

	code_calls(object, function, &calls);
	vec_foreach(&calls, it) {
		if (!found && matches(it->name, names))
			found = it->name;
	}
	vec_foreach(&calls, it) {
		const struct elf_symbol *next = elf_find_symbol(object, it->name);

		if (!found && depth && next && next->section && next->type == STT_FUNC)
			found = reaches(object, next, names, depth - 1);
	}
	vec_free(&calls);
	return found;
}

/* The function calls it, but only through another function of the unit. */
static bool is_behind_call(const struct elf_object *object, const struct elf_symbol *function,
			   const char *name)
{
	const char *const names[] = {name, NULL};
	struct call_vec calls = {};
	bool found = false;

	if (function)
		code_calls(object, function, &calls);
	vec_foreach(&calls, it) {
		const struct elf_symbol *next = elf_find_symbol(object, it->name);

		found |= next && next->section && next->type == STT_FUNC &&
			 reaches(object, next, names, 1);
	}
	vec_free(&calls);
	return found;
}

/* One version calls it itself, the other by way of a function: inlined there, or no longer. */
static bool is_only_inlined(const struct safety_unit *unit, const struct version *version,
			    const char *name, bool was_called)
{
	bool before = is_behind_call(unit->orig, version->item->orig, name);
	bool after = is_behind_call(unit->patched, version->item->patched, name);

	return was_called ? after && !before : before && !after;
}

/* Adds "name 1 → 2" for each that both versions call a different number of times. */
static void differences(const struct safety_unit *unit, const struct version_vec *versions,
			const struct version *version, const char *const *patterns, bool only_ends,
			struct strbuf *out)
{
	const struct call_vec *sides[] = {&version->before, &version->after};
	unsigned told = 0;

	for (size_t side = 0; side < array_size(sides); side++) {
		vec_foreach(sides[side], it) {
			unsigned before = calls_of(&version->before, it->name);
			unsigned after = calls_of(&version->after, it->name);

			if (before == after || (side && before) || !matches(it->name, patterns) ||
			    is_moved(versions, it->name) || (only_ends && before && after) ||
			    ((!before || !after) &&
			     is_only_inlined(unit, version, it->name, before)) ||
			    told++ >= MAX_NAMES)
				continue;
			strbuf_addf(out, "%s%s %u → %u", out->len ? ", " : "", it->name, before,
				    after);
		}
	}
}

/* The compiler may write one release twice; that one is there at all, or none, is the source's. */
static void check_locks(const struct safety_unit *unit, const struct version_vec *versions,
			const struct version *version, struct finding_vec *findings)
{
	scope_strbuf out = STRBUF_INIT;

	differences(unit, versions, version, acquires, false, &out);
	differences(unit, versions, version, releases, true, &out);
	if (out.len)
		finding_add(findings, "locks-changed", unit->file, version->item->name,
			    "see that old and new code may run side by side: a lock that only one "
			    "of them takes protects nothing until all tasks have switched",
			    "takes or releases locks otherwise than before: %s", out.buf);
}

static void check_references(const struct safety_unit *unit, const struct version_vec *versions,
			     const struct version *version, struct finding_vec *findings)
{
	scope_strbuf out = STRBUF_INIT;

	differences(unit, versions, version, references, true, &out);
	if (out.len)
		finding_add(findings, "references-changed", unit->file, version->item->name,
			    "see that a count that old code has taken is given back by new code, "
			    "and the other way round when the patch is removed",
			    "takes or gives back references otherwise than before: %s", out.buf);
}

/* ---- tasks that sleep in it ---- */

static const char *const thread_loops[] = {
	"kthread_should_stop", "kthread_should_park", "kthread_freezable_should_stop",
	"kthread_parkme",      "__kthread_parkme",    NULL,
};

static const char *const sleeps[] = {
	"schedule",
	"schedule_timeout*",
	"schedule_hrtimeout*",
	"io_schedule*",
	"wait_woken",
	"wait_for_completion_interruptible",
	"wait_for_completion_killable",
	"rcu_wait*",
	NULL,
};

/* Where tasks sleep for as long as nothing happens: their bottom is known by name. */
static const char *const sleepers[] = {
	"do_select",
	"do_sys_poll",
	"do_poll",
	"ep_poll",
	"do_epoll_wait",
	"do_nanosleep",
	"hrtimer_nanosleep",
	"futex_wait",
	"futex_wait_queue*",
	"__futex_wait",
	"do_futex",
	"do_wait",
	"kernel_wait4",
	"pipe_read",
	"pipe_wait_*",
	"unix_stream_read_generic",
	"unix_stream_recvmsg",
	"inet_csk_accept",
	"tcp_recvmsg*",
	"sk_wait_data",
	"n_tty_read",
	"worker_thread",
	"rescuer_thread",
	"kthread",
	"kthread_worker_fn",
	"smpboot_thread_fn",
	"kthreadd",
	"kswapd",
	"rcu_gp_kthread",
	"rcu_gp_fqs_loop",
	"kauditd_thread",
	"khugepaged",
	"kcompactd",
	"oom_reaper",
	"jbd2*kjournald2",
	"kjournald2",
	"svc_recv",
	"nfsd",
	"io_wqe_worker",
	"io_wq_worker",
	"io_sq_thread",
	"schedule",
	"__schedule",
	"schedule_timeout",
	"do_sigtimedwait",
	"do_signal_stop",
	"ptrace_stop",
	"do_msgrcv",
	"do_semtimedop",
	"wait_for_completion*",
	"inotify_read",
	"signalfd_read",
	"eventfd_read",
	"timerfd_read",
	"do_idle",
	"cpu_startup_entry",
	NULL,
};

static void check_sleep(const struct safety_unit *unit, const struct diff_item *item,
			struct finding_vec *findings)
{
	const char *remedy = "change a function that it calls between its sleeps instead, or make "
			     "the thread leave it while the patch is loaded";
	const char *name = reaches(unit->orig, item->orig, thread_loops, 0);

	if (name) {
		finding_add(findings, "long-sleep", unit->file, item->name, remedy,
			    "is the loop of a kernel thread (%s): the thread may sleep in it for "
			    "ever, and the transition does not end before it leaves",
			    name);
		return;
	}
	if (matches(item->name, sleepers)) {
		finding_add(findings, "long-sleep", unit->file, item->name, remedy,
			    "tasks sleep in it for as long as nothing happens: the transition "
			    "waits for them, some 15 seconds at a time");
		return;
	}
	name = reaches(unit->orig, item->orig, sleeps, 2);
	if (!name)
		return;
	finding_add(findings, "long-sleep", unit->file, item->name, NULL,
		    "tasks may sleep in it (%s); the transition waits for them", name);
	finding_soften(findings, SEVERITY_NOTE);
}

/* ---- functions that are called later ---- */

static const char *const arms[] = {
	"call_rcu*",
	"init_timer_key",
	"timer_setup*",
	"mod_timer",
	"add_timer*",
	"hrtimer_init*",
	"hrtimer_setup*",
	"hrtimer_start*",
	"tasklet_setup",
	"tasklet_init",
	"queue_work_on",
	"queue_delayed_work_on",
	"mod_delayed_work_on",
	"__INIT_WORK*",
	"__init_work",
	"queue_rcu_work",
	"request_threaded_irq",
	"devm_request_*irq",
	"irq_work_queue*",
	"kthread_queue_work",
	"kthread_init_*",
	"task_work_add",
	"call_srcu",
	"__SCT__*",
	"kthread_create_*",
	NULL,
};

/* A function whose address code stores, and that code changes together with it. */
static void check_callback(const struct safety_unit *unit, const struct str_vec *changed,
			   const struct diff_item *item, struct finding_vec *findings)
{
	struct code_reference_vec refs = {};
	const char *from = NULL;

	code_references(unit->orig, item->orig, &refs);
	vec_foreach(&refs, it) {
		const struct elf_symbol *holder = elf_find_symbol(unit->orig, it->from);

		if (!it->call && holder && holder->type == STT_FUNC &&
		    strcmp(it->from, item->name) != 0 && safety_is_changed(changed, it->from) &&
		    reaches(unit->orig, holder, arms, 0))
			from = it->from;
	}
	vec_free(&refs);
	if (from)
		finding_add(findings, "callback-changed", unit->file, item->name,
			    "see that it can deal with what the old code has set up, or cancel "
			    "that in a pre-patch callback",
			    "is called later, and changes together with %s, which arms it: what "
			    "was armed before meets the new function",
			    from);
}

/* ---- cost ---- */

static const char *const hot[] = {
	"__schedule",
	"try_to_wake_up",
	"ttwu_*",
	"enqueue_task_fair",
	"dequeue_task_fair",
	"pick_next_task_fair",
	"update_curr",
	"scheduler_tick",
	"sched_tick",
	"handle_mm_fault",
	"__handle_mm_fault",
	"do_user_addr_fault",
	"__alloc_pages",
	"get_page_from_freelist",
	"kmem_cache_alloc*",
	"kmem_cache_free",
	"__kmalloc*",
	"kmalloc_trace",
	"kfree",
	"__free_pages",
	"free_unref_page",
	"__netif_receive_skb_core*",
	"netif_receive_skb*",
	"napi_gro_receive",
	"dev_queue_xmit",
	"__dev_queue_xmit",
	"dev_hard_start_xmit",
	"ip_rcv",
	"ip_rcv_core*",
	"ip_queue_xmit",
	"__ip_queue_xmit",
	"tcp_v4_rcv",
	"tcp_rcv_established",
	"tcp_sendmsg_locked",
	"tcp_recvmsg_locked",
	"tcp_write_xmit",
	"tcp_ack",
	"vfs_read",
	"vfs_write",
	"new_sync_read",
	"__fget_light",
	"__fdget*",
	"fput",
	"link_path_walk*",
	"lookup_fast",
	"__d_lookup_rcu",
	"dput",
	"path_openat",
	"do_sys_openat2",
	"hrtimer_interrupt",
	"__hrtimer_run_queues",
	"tick_sched_timer",
	"tick_nohz_handler",
	"ktime_get",
	"rcu_sched_clock_irq",
	"mutex_lock",
	"mutex_unlock",
	"down_read",
	"up_read",
	"futex_wake",
	"futex_wait",
	"copy_page_to_iter",
	"_copy_to_iter",
	"blk_mq_submit_bio",
	"submit_bio_noacct",
	"filemap_get_pages",
	"ep_poll_callback",
	"sock_def_readable",
	"skb_release_data",
	"__alloc_skb",
	"kfree_skb*",
	"consume_skb",
	NULL,
};

/* Frames that grow by more, on a stack of 16 KiB. */
#define FRAME_GROWTH 256

static void check_cost(const struct safety_unit *unit, const struct diff_item *item,
		       struct finding_vec *findings)
{
	unsigned before = code_frame(item->orig), after = code_frame(item->patched);

	if (matches(item->name, hot))
		finding_add(findings, "hot-function", unit->file, item->name,
			    "see whether a function that runs less often can be changed instead",
			    "runs very often, and each call of a replaced function takes a detour "
			    "of some tens of nanoseconds");
	if (after >= before + FRAME_GROWTH)
		finding_add(findings, "stack-frame", unit->file, item->name,
			    "allocate what is large instead", "takes %u bytes of the stack, was %u",
			    after, before);
}

void safety_check_code(const struct safety_unit *unit, const struct str_vec *changed,
		       struct finding_vec *findings)
{
	__attribute__((cleanup(versions_free))) struct version_vec versions = {};

	read_versions(unit, &versions);
	vec_foreach(&versions, it) {
		if (it->item->change != DIFF_CHANGED)
			continue;
		check_locks(unit, &versions, it, findings);
		check_references(unit, &versions, it, findings);
		check_sleep(unit, it->item, findings);
		check_callback(unit, changed, it->item, findings);
		check_cost(unit, it->item, findings);
	}
}
