/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Watches the machine's health after loading, by the kernel's log, its taint flags and probes. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/interrupt.h"
#include "base/printable.h"
#include "base/proc.h"
#include "base/strbuf.h"
#include "base/trust.h"
#include "finding/finding.h"
#include "live/health.h"
#include "live/klog.h"
#include "live/patches.h"
#include "live/paths.h"
#include "vm/kernel_log.h"

#define PROBES_DIR LIVE_ETC "/health.d"
#define PROBE_TIMEOUT_MS 10000
#define PROBE_OUTPUT_MAX 4096 /* messages quote its last lines */
#define PROBE_EVERY_MS 5000
#define LOOK_EVERY_MS 200

static void probe_refuse(struct finding_vec *findings, const char *path, const char *why)
{
	finding_add_about(findings, SEVERITY_REFUSE, "probe", NULL, NULL,
			  "%s%s%s; a probe must be an executable file that only root can change",
			  path ? path : "", path ? ": " : "", why);
}

/* Checks that nobody but root can change a probe, since it runs as root. */
static void probe_check(const struct root *root, const char *path, struct finding_vec *findings,
			bool *good)
{
	struct stat st;
	const char *why = NULL;
	scope_free char *changed = NULL, *elsewhere = NULL;

	*good = false;
	if (root_stat(root, path, &st))
		why = "it cannot be read";
	else if (!S_ISREG(st.st_mode))
		why = "it is not a regular file";
	else if (!(st.st_mode & S_IXUSR))
		why = "it is not executable";
	else
		changed = trust_problem_here(root, path);
	if (!why && !changed)
		elsewhere = trust_problem(root, path, TRUST_STRICT);
	if (changed) /* this text begins with the probe's path */
		probe_refuse(findings, NULL, changed);
	else if (why || elsewhere)
		probe_refuse(findings, path, why ? why : elsewhere);
	*good = !changed && !why && !elsewhere;
}

/* Returns whether there is a folder of probes to which only root can add probes. */
static bool probes_check_folder(const struct root *root, struct finding_vec *findings)
{
	scope_free char *link = root_link(root, PROBES_DIR);
	bool there = root_exists(root, PROBES_DIR);
	scope_free char *full = root_path(root, PROBES_DIR);
	scope_free char *changed = trust_problem(root, PROBES_DIR, TRUST_STRICT);

	if (!changed && link && !there)
		changed = xasprintf("%s is a dangling link", full);
	if (changed)
		probe_refuse(findings, NULL, changed);
	return there && !changed;
}

static struct err *probes_list(const struct root *root, struct finding_vec *findings,
			       struct str_vec *paths)
{
	scope_str_vec names = {};

	if (!probes_check_folder(root, findings))
		return NULL;
	err_try(root_list(root, PROBES_DIR, &names));
	vec_foreach(&names, it) {
		scope_free char *path = xasprintf(PROBES_DIR "/%s", *it);
		bool good = false;

		if (**it != '.')
			probe_check(root, path, findings, &good);
		if (good)
			vec_push(paths, take_ptr(path));
	}
	return NULL;
}

/* Runs a probe; *why is what it said if it failed, and NULL if it passed. */
static struct err *probe_run(const char *path, char **why)
{
	const char *const argv[] = {path, NULL};
	scope_strbuf output = STRBUF_INIT, last = STRBUF_INIT;
	int status = 0;
	struct err *err = proc_run(&(struct proc_spec){.argv = argv,
						       .timeout_ms = PROBE_TIMEOUT_MS,
						       .cwd = "/",
						       .output_max = PROBE_OUTPUT_MAX},
				   &status, &output);

	*why = NULL;
	if (err && err_code(err) == ERR_INTERRUPTED)
		return err;
	if (err)
		*why = xstrdup(err_message(err));
	err_free(err);
	if (*why || !status)
		return NULL;
	proc_last_lines(output.buf, 3, &last);

	/* The output of a probe may be any bytes, and goes to terminals, the journal and JSON. */
	scope_free char *said = text_printable(last.buf ? last.buf : "");

	*why = xasprintf("%s failed with status %d%s%s", path, status, *said ? ": " : "", said);
	return NULL;
}

static struct err *probes_run(const struct str_vec *paths, char **why)
{
	*why = NULL;
	vec_foreach(paths, it) {
		err_try(probe_run(*it, why));
		if (*why)
			break;
	}
	return NULL;
}

struct err *live_health_check(const struct root *root, struct finding_vec *findings)
{
	scope_str_vec paths = {};
	scope_free char *why = NULL;
	size_t before = findings->len;

	err_try(probes_list(root, findings, &paths));
	if (findings->len > before ||
	    !root_is_machine(root)) /* no probe is run if one of them cannot be trusted */
		return NULL;
	err_try(probes_run(&paths, &why));
	if (why)
		finding_add_about(findings, SEVERITY_REFUSE, "probe", NULL, NULL,
				  "a health check fails before anything is loaded: %s", why);
	return NULL;
}

long live_taint(const struct root *root)
{
	return root_read_number(root, "/proc/sys/kernel/tainted", 0);
}

/* Returns the first line of the log that is evidence against the patch, as a reason; or NULL. */
static char *health_read_lines(struct live_klog *klog)
{
	scope_str_vec log = {};

	live_klog_read(klog, &log);
	vec_foreach(&log, it)
		if (kernel_log_judge(*it, KERNEL_LOG_MACHINE) == KERNEL_LOG_FINDING)
			return xasprintf("the kernel says: %s", *it);
	return NULL;
}

/* Reads the log, then the taint flags, which are never lost, while lines of the log may be. */
static char *health_read_log(const struct live_health *health)
{
	char *why = health_read_lines(health->klog);
	scope_free char *gained = why ? NULL
				      : kernel_taint_gained(health->taint, live_taint(health->root),
							    KERNEL_LOG_MACHINE);

	if (gained)
		why = health_read_lines(
			health->klog); /* a line says more, and may have arrived just now */
	if (gained && !why)
		why = xasprintf("the kernel has set its taint flag %s", gained);
	return why;
}

/*
 * Runs the probes again, and reads the log before and after them.  A probe that can no longer be
 * trusted is not run, and counts as a failure.
 */
static struct err *health_look(const struct live_health *health, char **why)
{
	scope_findings findings = {};
	scope_str_vec paths = {};

	*why = health_read_log(health);
	if (*why)
		return NULL;
	err_try(probes_list(health->root, &findings, &paths));
	if (findings.len) {
		*why = xstrdup(findings.data[0].message);
		return NULL;
	}
	err_try(probes_run(&paths, why));
	if (!*why)
		*why = health_read_log(health);
	return NULL;
}

/* Returns whether a patch is disabled; while it is being disabled it may be enabled again. */
static bool patch_is_gone(const struct root *root, const char *name, bool in_the_end)
{
	return live_attribute(root, name, "enabled") != 1 &&
	       (in_the_end || live_attribute(root, name, "transition") != 1);
}

/* Collects patches that are no longer enabled; returns false if none is left to watch. */
static bool health_find_gone(const struct live_health *health, bool in_the_end,
			     struct str_vec *gone)
{
	vec_foreach(health->names, it)
		if (!str_vec_has(gone, *it) && patch_is_gone(health->root, *it, in_the_end))
			vec_push(gone, xstrdup(*it));
	return gone->len < health->names->len;
}

static struct err *health_watch(const struct live_health *health, struct str_vec *gone, char **why)
{
	uint64_t start = clock_boot_ms(), now = start, probe_at = start;

	while (now - start < health->watch_ms) {
		if (interrupt_pending())
			return interrupt_error();
		if (!health_find_gone(health, false, gone))
			return NULL;
		if (now >= probe_at) {
			err_try(health_look(health, why));
			probe_at = clock_boot_ms() + PROBE_EVERY_MS;
		} else {
			*why = health_read_log(health);
		}
		if (*why)
			return NULL;
		progress_update(health->progress, (now - start) / 1000);
		clock_sleep_ms(LOOK_EVERY_MS);
		now = clock_boot_ms();
	}
	err_try(health_look(health, why));
	health_find_gone(health, true, gone);
	return NULL;
}

struct err *live_health_watch(const struct live_health *health, struct str_vec *gone, char **why)
{
	*why = NULL;
	progress_begin(health->progress, "watching, seconds", health->watch_ms / 1000,
		       PROGRESS_COUNT);

	struct err *err = health_watch(health, gone, why);

	progress_end(health->progress);
	return err;
}
