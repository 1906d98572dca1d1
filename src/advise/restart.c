/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Asks of each remedy what it would harm, and whether the finding would be gone after it.  The
 * whole unit is looked at, as a restart ends all of its processes.
 */
#include "advise/restart.h"

#include <stdlib.h>
#include <string.h>

#include "advise/held.h"
#include "advise/procfs.h"
#include "advise/sessions.h"
#include "advise/unit_file.h"
#include "advise/unit_links.h"
#include "base/strbuf.h"

#define MAX_PARENTS 64 /* so many parents of a process are followed */

/* What was found out about a unit. */
struct known_unit {
	char *name;
	struct unit_facts facts;
	bool looked;	/* the next two are set */
	char *obstacle; /* why a restart is not safe, or NULL */
	char *mount;	/* a mount that would stop with it, or NULL */
};

struct service_judge service_judge_new(const struct root *root, const struct rules *rules,
				       const struct scan *scan, bool soft_reboot)
{
	struct service_judge judge = {
		root, rules, scan, soft_reboot, .links = unit_links_new(root),
	};

	unit_folders_list(root, &judge.folders);
	return judge;
}

void service_judge_free(struct service_judge *judge)
{
	unit_links_free(judge->links);
	str_vec_free(&judge->folders);
	vec_foreach(&judge->units, it) {
		free((*it)->name);
		free((*it)->obstacle);
		free((*it)->mount);
		free(*it);
	}
	vec_free(&judge->units);
}

static struct known_unit *judge_know(struct service_judge *judge, const char *name)
{
	struct known_unit *known;

	vec_foreach(&judge->units, it)
		if (!strcmp((*it)->name, name))
			return *it;
	known = xcalloc(1, sizeof(*known));
	known->name = xstrdup(name);
	unit_facts_read(judge->root, &judge->folders, name, &known->facts);
	vec_push(&judge->units, known);
	return known;
}

static bool is_member(const struct process *process, const struct advise_service *service)
{
	return process->owner.kind == service->kind && process->owner.name && service->unit &&
	       !strcmp(process->owner.name, service->unit);
}

/* Looks at all processes of the unit, and at other units. */
static void judge_look(struct service_judge *judge, const struct advise_service *service,
		       struct known_unit *known)
{
	bool mounted = false;
	const char *fact = unit_facts_obstacle(&known->facts), *dependent;

	if (known->looked)
		return;
	known->looked = true;
	dependent = unit_links_find(judge->links, known->name, &mounted);
	if (dependent && mounted)
		known->mount = xasprintf("%s stops with it", dependent);
	if (fact)
		known->obstacle = xstrdup(fact);
	vec_foreach(&judge->scan->processes, it)
		if (!known->obstacle && is_member(it, service))
			known->obstacle = held_by_process(judge->root, it->pid);
	if (!known->obstacle && dependent)
		known->obstacle = xasprintf("%s stops with it", dependent);
}

static void service_add_why(struct advise_service *service, const char *why)
{
	char *whole = service->why ? xasprintf("%s; %s", service->why, why) : xstrdup(why);

	free(service->why);
	service->why = whole;
}

static bool read_process_stat(const struct root *root, int pid, struct proc_stat *stat)
{
	scope_free char *path = xasprintf("/proc/%d/stat", pid), *text = NULL;

	err_free(root_read(root, path, &text)); /* it may have ended */
	return text && procfs_stat((struct bytes){(uint8_t *)text, strlen(text)}, stat);
}

static const struct process *find_process(const struct scan *scan, int pid)
{
	size_t low = 0, high = scan->processes.len;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (scan->processes.data[middle].pid < pid)
			low = middle + 1;
		else
			high = middle;
	}
	return low < scan->processes.len && scan->processes.data[low].pid == pid
		       ? &scan->processes.data[low]
		       : NULL;
}

/* Returns the oldest process of the unit's current run that no other of the unit has started. */
static int judge_main_process(const struct service_judge *judge,
			      const struct advise_service *service, const char *invocation)
{
	uint64_t first = UINT64_MAX;
	int found = 0;

	vec_foreach(&judge->scan->processes, it) {
		struct proc_stat stat;

		if (!is_member(it, service) || !read_process_stat(judge->root, it->pid, &stat) ||
		    (invocation && unit_process_is_earlier(judge->root, it->pid, invocation)))
			continue;

		const struct process *parent = find_process(judge->scan, stat.ppid);

		if ((parent && is_member(parent, service)) || stat.start >= first)
			continue;
		first = stat.start;
		found = it->pid;
	}
	return found;
}

/* Returns how many of the processes a restart would not end; sets why. */
static size_t count_leftovers(const struct service_judge *judge, const struct unit_facts *facts,
			      const struct advise_service *service, const char **why)
{
	bool inactive;
	scope_free char *invocation = unit_invocation(judge->root, service->unit, &inactive);
	size_t count = 0;

	*why = inactive ? "the unit does not run any more" : "KillMode=process";
	if (inactive)
		return service->pids.len;
	if (!facts->keeps_rest)
		return 0;

	int main = judge_main_process(judge, service, invocation);

	vec_foreach(&service->pids, pid)
		count += *pid != main;
	return count;
}

/* Adds what a restart leaves; returns whether that is everything. */
static bool judge_leftovers(const struct service_judge *judge, const struct unit_facts *facts,
			    struct advise_service *service)
{
	const char *why;
	size_t leftovers = count_leftovers(judge, facts, service, &why);
	scope_free char *text = NULL;
	bool all = leftovers && leftovers == service->pids.len;

	if (!leftovers)
		return false;
	text = all ? xasprintf(
			     "restarting the unit does not end it (%s): end the process, or wait until it ends",
			     why)
		   : xasprintf(
			     "restarting the unit does not end %zu of the processes (%s): end them, too",
			     leftovers, why);
	service_add_why(service, text);
	return all;
}

void service_judge_restart(struct service_judge *judge, const struct advise_rule *rule,
			   struct advise_service *service)
{
	struct known_unit *known = judge_know(judge, service->unit);
	const char *refusal = unit_facts_refusal(&known->facts);
	bool by_unit = !rule || rule->apply == APPLY_BY_UNIT;

	if (judge_leftovers(judge, &known->facts, service)) {
		free(take_ptr(service->command));
		return;
	}
	if (refusal) { /* no rule can change that */
		free(take_ptr(service->command));
		service_add_why(service, refusal);
		return;
	}
	if (rule && rule->apply == APPLY_NO)
		return;
	judge_look(judge, service, known);

	const char *obstacle = by_unit ? known->obstacle : known->mount;

	service->apply = !obstacle;
	if (obstacle)
		service_add_why(service, obstacle);
}

/*
 * Returns whether a process was started in a session, but has left its terminal and parent, like a
 * server of tmux, or runs below such a process.
 */
static bool has_detached(const struct service_judge *judge, const struct advise_service *service,
			 int pid, int leader)
{
	for (unsigned i = 0; i < MAX_PARENTS && pid != leader; i++) {
		struct proc_stat stat;

		if (!read_process_stat(judge->root, pid, &stat))
			return false;
		if (stat.ppid == 1)
			return true;

		const struct process *parent = find_process(judge->scan, stat.ppid);

		if (!parent || !is_member(parent, service))
			return false;
		pid = stat.ppid;
	}
	return false;
}

/* Adds how many processes of an open session stay when its user logs out. */
static void judge_detached(const struct service_judge *judge, struct advise_service *service)
{
	int leader = session_leader_left_alone(judge->root, service->unit);
	size_t count = 0;
	scope_free char *why = NULL;

	if (!leader)
		return;
	vec_foreach(&service->pids, pid)
		count += has_detached(judge, service, *pid, leader);
	if (!count)
		return;
	why = xasprintf(
		"logging out does not end %zu of the processes (KillUserProcesses=no): end %s",
		count, count == service->pids.len ? "them" : "them, too");
	if (count == service->pids.len)
		free(take_ptr(service->why)); /* that the session ends with its user */
	service_add_why(service, why);
}

void service_judge_log_out(const struct service_judge *judge, struct advise_service *service)
{
	bool session = service->kind == OWNER_SESSION;

	if (session && !session_is_left_behind(judge->root, service->unit)) {
		judge_detached(judge, service);
		return;
	}
	if (!session && !session_user_lingers(judge->root, service->unit))
		return;
	free(service->why);
	service->why = xstrdup(session ? "the user has logged out already, but it still runs"
				       : "the user lingers, so that logging out does not end it");
	if (owner_is_unit_name(service->unit))
		service->command =
			xasprintf("systemctl %s %s", session ? "stop" : "restart", service->unit);
}
