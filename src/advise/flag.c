/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads and writes /run/reboot-required and similar files, and keeps Suture's own entries apart. */
#include "advise/flag.h"

#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "base/trust.h"

#define FLAG "/run/reboot-required"
#define PACKAGES "/run/reboot-required.pkgs"
#define ZYPP_FLAG "/run/reboot-needed"
#define OWN "/run/suture/reboot-required.pkgs"
#define MAX_ENTRIES 10000

static struct err *flag_read_lines(const struct root *root, const char *path, struct str_vec *lines)
{
	char *text = NULL;

	if (!root_exists(root, path))
		return NULL;
	err_try(root_read(root, path, &text));

	char *save = NULL;

	for (char *line = strtok_r(text, "\n", &save); line && lines->len < MAX_ENTRIES;
	     line = strtok_r(NULL, "\n", &save))
		vec_push(lines, xstrdup(line));
	free(text);
	return NULL;
}

/* Entries count as Suture's own only if no other user could have listed them. */
static struct err *flag_read_own(const struct root *root, struct str_vec *own)
{
	scope_free char *problem = trust_problem(root, OWN, TRUST_STRICT);

	return problem ? NULL : flag_read_lines(root, OWN, own);
}

struct err *flag_read(const struct root *root, struct advice *advice)
{
	scope_str_vec all = {}, own = {};

	err_try(flag_read_lines(root, PACKAGES, &all));
	err_try(flag_read_own(root, &own));
	vec_foreach(&all, line)
		if (!str_vec_has(&own, *line) && !str_vec_has(&advice->flag, *line))
			vec_push(&advice->flag, xstrdup(*line));
	/* A flag without a list was set by others, unless Suture has entries of its own. */
	advice->flagged = advice->flag.len ||
			  (!own.len && (root_exists(root, FLAG) || root_exists(root, ZYPP_FLAG)));
	return NULL;
}

bool flag_is_covered(const struct rules *rules, const struct advice *advice, const char *package)
{
	const struct advise_rule *rule = rules_find(rules, RULE_PACKAGE, package);
	bool kernel = rule && rule->action == RULE_KERNEL;

	return kernel && advice->kernel.all_covered && advice->kernel.state == KERNEL_OLD;
}

static struct err *write_lines(const struct root *root, const char *path,
			       const struct str_vec *lines)
{
	scope_strbuf text = STRBUF_INIT;

	if (!lines->len)
		return root_remove(root, path);
	vec_foreach(lines, line)
		strbuf_addf(&text, "%s\n", *line);
	return root_write(root, path, text.buf, text.len, 0644);
}

/* Lists the packages for which Suture asks for a reboot, as the file lists packages. */
static void wanted_entries(const struct advice *advice, struct str_vec *wanted)
{
	const struct advise_kernel *kernel = &advice->kernel;

	if (advice->now != VERDICT_REBOOT && advice->now != VERDICT_SOFT_REBOOT)
		return;
	/* A reboot that starts the same kernel again would change nothing. */
	if ((kernel->state == KERNEL_OLD || kernel->state == KERNEL_OTHER) &&
	    !kernel->all_covered && !kernel->boots_again)
		vec_push(wanted, xasprintf("linux-image-%s", kernel->state == KERNEL_OLD
								     ? kernel->newest->release
								     : kernel->next_boot));
	if (kernel->microcode_old)
		vec_push(wanted, xstrdup("microcode"));
	vec_foreach(&advice->services, it)
		if (!it->pending && it->action >= ACTION_SOFT_REBOOT)
			vec_push(wanted, xstrdup(it->unit ? it->unit : it->programs));
	vec_foreach(&advice->kept, it)
		if (it->action >= ACTION_SOFT_REBOOT)
			str_vec_add(wanted, it->package);
	vec_foreach(wanted, it)
		for (char *c = *it; *c; c++)
			if ((unsigned char)*c < ' ')
				*c = '?';
}

static struct err *write_flags(const struct root *root, const struct advice *advice, bool due)
{
	static const char text[] = "*** System restart required ***\n";
	bool zypp = root_exists(root, "/etc/zypp") || root_exists(root, ZYPP_FLAG);
	const char *kind = advice->now == VERDICT_SOFT_REBOOT ? "soft-reboot\n" : "reboot\n";

	if (!due) {
		err_try(root_remove(root, FLAG));
		return zypp ? root_remove(root, ZYPP_FLAG) : NULL;
	}
	if (!root_exists(root, FLAG))
		err_try(root_write(root, FLAG, text, strlen(text), 0644));
	if (zypp && !root_exists(root, ZYPP_FLAG))
		err_try(root_write(root, ZYPP_FLAG, kind, strlen(kind), 0644));
	return NULL;
}

struct err *advise_flag_update(const struct root *root, const struct advice *advice, bool *changed)
{
	scope_str_vec all = {}, own = {}, wanted = {}, kept = {}, ours = {};
	scope_rules rules = NULL;

	err_try(rules_load(root, &rules));
	err_try(flag_read_lines(root, PACKAGES, &all));
	err_try(flag_read_own(root, &own));
	wanted_entries(advice, &wanted);

	/* Entries are removed only if it is certain that they do not apply any more. */
	bool sure = !advice->unknown.len;

	vec_foreach(&all, line) {
		bool is_own = str_vec_has(&own, *line), is_wanted = str_vec_has(&wanted, *line);

		if (str_vec_has(&kept, *line) || (is_own && !is_wanted && sure) ||
		    (!is_own && flag_is_covered(rules, advice, *line)))
			continue;
		vec_push(&kept, xstrdup(*line));
		if (is_own && !is_wanted)
			vec_push(&ours, xstrdup(*line));
	}
	vec_foreach(&wanted, line) {
		if (!str_vec_has(&all, *line) || str_vec_has(&own, *line))
			vec_push(&ours, xstrdup(*line));
		if (!str_vec_has(&kept, *line))
			vec_push(&kept, xstrdup(*line));
	}

	/* A flag without a list was set by others, and is not removed. */
	bool foreign = !all.len && !own.len && root_exists(root, FLAG);
	bool due = kept.len || foreign;

	*changed = due != root_exists(root, FLAG) || kept.len != all.len;
	if (!due && !all.len && !own.len && !root_exists(root, FLAG))
		return NULL;
	/* Suture's own entries are written first, so that they are never taken for others'. */
	err_try(write_lines(root, OWN, &ours));
	err_try(write_lines(root, PACKAGES, &kept));
	return write_flags(root, advice, due);
}
