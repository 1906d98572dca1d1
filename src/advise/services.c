/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Groups processes by the service that must be restarted, and says how and why. */
#include "advise/services.h"
#include "advise/users.h"

#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "base/text.h"

#define MAX_FILES 8    /* so many files of one service are listed */
#define MAX_PROGRAMS 4 /* so many programs of one service are named */

void advise_services_free(struct advise_service_vec *services)
{
	vec_foreach(services, it) {
		free(it->unit);
		free(it->inner);
		vec_free(&it->pids);
		str_vec_free(&it->files);
		str_vec_free(&it->packages);
		free(it->programs);
		free(it->why);
		free(it->command);
	}
	vec_free(services);
}

static enum advise_action action_of(enum rule_action rule, bool soft_reboot)
{
	switch (rule) {
	case RULE_NOTHING:
	case RULE_IGNORE:
		return ACTION_NOTHING;
	case RULE_LOG_OUT:
		return ACTION_LOG_OUT;
	case RULE_SOFT_REBOOT:
		return soft_reboot ? ACTION_SOFT_REBOOT : ACTION_REBOOT;
	case RULE_REBOOT:
		return ACTION_REBOOT;
	default:
		return ACTION_RESTART;
	}
}

/* Returns a command for the administrator; NULL if the name is not a valid unit name; free(). */
static char *command_for(const struct owner *owner, enum rule_action rule)
{
	if (rule == RULE_REEXECUTE)
		return xstrdup("systemctl daemon-reexec");
	if (rule != RULE_RESTART || !owner_is_unit_name(owner->name))
		return NULL;
	if (owner->kind == OWNER_SERVICE && str_ends(owner->name, ".service"))
		return xasprintf(strchr(owner->name, '\\') ? "systemctl restart '%s'"
							   : "systemctl restart %s",
				 owner->name);
	return NULL;
}

/* Returns the action for processes that no rule for units matches. */
static enum rule_action default_rule(enum owner_kind kind)
{
	return kind == OWNER_SESSION || kind == OWNER_USER ? RULE_LOG_OUT : RULE_RESTART;
}

static void service_decide(struct service_judge *judge, const struct process *process,
			   struct advise_service *service)
{
	const struct owner *owner = &process->owner;
	const struct advise_rule *rule =
		owner->name ? rules_find(judge->rules, RULE_UNIT, owner->name) : NULL;
	enum rule_action action = rule ? rule->action : default_rule(owner->kind);

	/* Only systemd can re-execute itself. */
	if (action == RULE_REEXECUTE && strcmp(process->comm, "systemd"))
		action = RULE_REBOOT;
	service->action = action_of(action, judge->soft_reboot);
	service->command = command_for(owner, action);
	service->why = rule && rule->why ? xstrdup(rule->why) : NULL;
	if (service->command && owner->kind == OWNER_INIT)
		service->apply = !rule || rule->apply != APPLY_NO;
	else if (service->command && owner->kind == OWNER_SERVICE)
		service_judge_restart(judge, rule, service);
	else if (service->action == ACTION_LOG_OUT && service->unit &&
		 (owner->kind == OWNER_SESSION || owner->kind == OWNER_USER))
		service_judge_log_out(judge, service);
}

static void join_programs(const struct str_vec *programs, struct advise_service *service)
{
	service->programs = names_join(programs, MAX_PROGRAMS);
}

static const char *file_state_words(enum file_state state)
{
	static const char *const words[] = {
		[FILE_GONE] = "removed",
		[FILE_REPLACED] = "replaced",
		[FILE_NEWER] = "changed",
	};

	return words[state] ? words[state] : "";
}

struct stale_file {
	const char *path;
	enum file_state state;
};

static int compare_files(const void *a, const void *b)
{
	const struct stale_file *x = a, *y = b;

	return strcmp(x->path, y->path);
}

/* Sets the service's files and the sentence about them. */
static void tell_files(struct stale_file *files, size_t count, struct advise_service *service)
{
	size_t unique = 0;

	qsort(files, count, sizeof(*files), compare_files);
	for (size_t i = 0; i < count; i++)
		if (!unique || strcmp(files[unique - 1].path, files[i].path))
			files[unique++] = files[i];
	service->nr_files = unique;
	for (size_t i = 0; i < unique && i < MAX_FILES; i++)
		vec_push(&service->files, xstrdup(files[i].path));

	scope_free char *rule_why = take_ptr(service->why);
	scope_strbuf why = STRBUF_INIT;

	strbuf_addf(&why, "%s still runs %s, which was %s", service->programs, files[0].path,
		    file_state_words(files[0].state));
	if (unique > 1)
		strbuf_addf(&why, ", and %zu other%s", unique - 1, unique > 2 ? "s" : "");
	if (rule_why)
		strbuf_addf(&why, "; %s", rule_why);
	service->why = strbuf_detach(&why);
}

struct member_vec VEC(const struct process *);

static int compare_service_members(const void *a, const void *b)
{
	const struct process *x = *(const struct process *const *)a;
	const struct process *y = *(const struct process *const *)b;
	int diff = owner_compare(&x->owner, &y->owner);

	/* Processes in no unit are grouped by program. */
	if (!diff && x->owner.kind == OWNER_NONE)
		diff = strcmp(x->comm, y->comm);
	return diff ? diff : (x->pid > y->pid) - (x->pid < y->pid);
}

static bool same_group(const struct process *x, const struct process *y)
{
	return !owner_compare(&x->owner, &y->owner) &&
	       (x->owner.kind != OWNER_NONE || !strcmp(x->comm, y->comm));
}

static void services_add_group(const struct process *const *members, size_t count,
			       struct service_judge *judge, const char *package,
			       struct advise_service_vec *services)
{
	const struct process *first = members[0];
	struct advise_service service = {
		.kind = first->owner.kind,
		.unit = first->owner.name ? xstrdup(first->owner.name) : NULL,
		.inner = first->owner.inner ? xstrdup(first->owner.inner) : NULL,
		.pending = package,
	};
	scope_str_vec programs = {};
	struct VEC(struct stale_file) files = {};

	for (size_t i = 0; i < count; i++) {
		const struct process *process = members[i];

		if (i && process == members[i - 1])
			continue;
		vec_push(&service.pids, process->pid);
		str_vec_add(&programs, process->comm);
		vec_foreach(&process->files, file)
			if (file_use_is_stale(*file))
				vec_push(&files,
					 (struct stale_file){(*file)->path, (*file)->state});
	}
	join_programs(&programs, &service);
	service_decide(judge, first, &service);
	if (package)
		vec_push(&service.packages, xstrdup(package));
	else
		tell_files(files.data, files.len, &service);
	vec_free(&files);
	vec_push(services, service);
}

static void services_group(struct member_vec *members, struct service_judge *judge,
			   const char *package, struct advise_service_vec *services)
{
	size_t start = 0;

	if (!members->len)
		return;
	qsort(members->data, members->len, sizeof(*members->data), compare_service_members);
	for (size_t i = 1; i <= members->len; i++)
		if (i == members->len || !same_group(members->data[start], members->data[i])) {
			services_add_group(members->data + start, i - start, judge, package,
					   services);
			start = i;
		}
}

void services_stale(const struct scan *scan, struct service_judge *judge,
		    struct advise_service_vec *services)
{
	struct member_vec members = {};

	vec_foreach(&scan->processes, process)
		if (process->nr_stale)
			vec_push(&members, process);
	services_group(&members, judge, NULL, services);
	vec_free(&members);
}

void services_pending(const struct scan *scan, struct service_judge *judge,
		      const struct process_index_vec *found, const char *package,
		      struct advise_service_vec *services)
{
	struct member_vec members = {};

	vec_foreach(found, index)
		vec_push(&members, &scan->processes.data[*index]);
	services_group(&members, judge, package, services);
	vec_free(&members);
}

static bool same_service(const struct advise_service *a, const struct advise_service *b)
{
	const char *a_inner = a->inner ? a->inner : "", *b_inner = b->inner ? b->inner : "";

	if (a->pending != b->pending || a->kind != b->kind || strcmp(a_inner, b_inner) != 0)
		return false;
	return a->unit && b->unit ? !strcmp(a->unit, b->unit)
				  : !a->unit && !b->unit && !strcmp(a->programs, b->programs);
}

static void merge_one(struct advise_service_vec *services, struct advise_service *service)
{
	vec_foreach(services, it) {
		if (!same_service(it, service))
			continue;
		vec_foreach(&service->pids, pid) {
			bool known = false;

			vec_foreach(&it->pids, other)
				known = known || *other == *pid;
			if (!known)
				vec_push(&it->pids, *pid);
		}
		vec_foreach(&service->packages, package)
			vec_push(&it->packages, xstrdup(*package));
		return;
	}
	vec_push(services, *service);
	*service = (struct advise_service){};
}

void services_merge(struct advise_service_vec *services, struct advise_service_vec *more)
{
	vec_foreach(more, it)
		merge_one(services, it);
	advise_services_free(more);
}

void services_tell_pending(struct advise_service_vec *services)
{
	vec_foreach(services, it) {
		if (!it->pending)
			continue;
		str_vec_sort_unique(&it->packages);

		scope_free char *rule_why = take_ptr(it->why);
		scope_strbuf why = STRBUF_INIT;

		strbuf_addf(&why, "%s runs files of %s", it->programs, it->packages.data[0]);
		if (it->packages.len > 1)
			strbuf_addf(&why, " and %zu other package%s", it->packages.len - 1,
				    it->packages.len > 2 ? "s" : "");
		if (rule_why)
			strbuf_addf(&why, "; %s", rule_why);
		it->why = strbuf_detach(&why);
	}
}
