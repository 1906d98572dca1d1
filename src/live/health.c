/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether the machine is well after a patch: what the kernel says, and what probes find. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/printable.h"
#include "base/proc.h"
#include "live/live_internal.h"

#define PROBES_DIR LIVE_ETC "/health.d"
#define PROBE_TIMEOUT_MS 10000
#define PROBE_OUTPUT_MAX 4096 /* its last lines are quoted */
#define PROBE_EVERY_MS 5000
#define LOOK_EVERY_MS 200

/* Others could have put there what would then run as root. */
static const char *distrust(const struct stat *st)
{
	if (st->st_uid != 0)
		return "it belongs to somebody else than root";
	if (st->st_mode & (S_IWGRP | S_IWOTH))
		return "others than root can write to it";
	return NULL;
}

static void check_one(const struct root *root, const char *path, bool folder,
		      struct live_finding_vec *findings, bool *good)
{
	struct stat st;
	const char *why;

	*good = false;
	if (root_stat(root, path, &st))
		why = "it cannot be read";
	else if (!folder && !S_ISREG(st.st_mode))
		why = "it is not a regular file";
	else if (!folder && !(st.st_mode & S_IXUSR))
		why = "it is not executable";
	else
		why = distrust(&st);
	if (why)
		live_finding_add(
			findings, LIVE_REFUSE, "probe", NULL,
			"%s: %s; a probe has to be an executable of root's that nobody else "
			"can change",
			path, why);
	else
		*good = true;
}

static struct err *list_probes(const struct root *root, struct live_finding_vec *findings,
			       struct str_vec *paths)
{
	scope_str_vec names = {};
	bool good;

	err_try(root_list(root, PROBES_DIR, &names));
	if (!names.len)
		return NULL;
	check_one(root, PROBES_DIR, true, findings, &good);
	vec_foreach(&names, it) {
		scope_free char *path = xasprintf(PROBES_DIR "/%s", *it);

		if (!good || **it == '.')
			continue;

		bool trusted;

		check_one(root, path, false, findings, &trusted);
		if (trusted)
			vec_push(paths, take_ptr(path));
	}
	return NULL;
}

/* *why is what the probe has against the machine, or NULL. */
static struct err *run_probe(const char *path, char **why)
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

	/* It goes into JSON, the journal and terminals; a probe may say anything. */
	scope_free char *said = text_printable(last.buf ? last.buf : "");

	*why = xasprintf("%s failed with status %d%s%s", path, status, *said ? ": " : "", said);
	return NULL;
}

static struct err *run_probes(const struct str_vec *paths, char **why)
{
	*why = NULL;
	vec_foreach(paths, it) {
		err_try(run_probe(*it, why));
		if (*why)
			break;
	}
	return NULL;
}

struct err *live_health_check(const struct root *root, struct live_finding_vec *findings)
{
	scope_str_vec paths = {};
	scope_free char *why = NULL;

	err_try(list_probes(root, findings, &paths));
	if (live_findings_refuse(findings) || !root_is_machine(root))
		return NULL;
	err_try(run_probes(&paths, &why));
	if (why)
		live_finding_add(findings, LIVE_REFUSE, "probe", NULL,
				 "the machine is not well before anything is loaded: %s", why);
	return NULL;
}

static char *read_log(struct live_klog *klog, struct str_vec *log)
{
	live_klog_read(klog, log);

	const char *line = live_health_line(log);

	return line ? xasprintf("the kernel says: %s", line) : NULL;
}

/* The probes once more, and the log until and after they have run. */
static struct err *look(const struct str_vec *paths, struct live_klog *klog, struct str_vec *log,
			char **why)
{
	*why = read_log(klog, log);
	if (*why)
		return NULL;
	err_try(run_probes(paths, why));
	if (!*why)
		*why = read_log(klog, log);
	return NULL;
}

static struct err *watch(const struct str_vec *paths, unsigned watch_ms, struct live_klog *klog,
			 struct progress *progress, struct str_vec *log, char **why)
{
	uint64_t start = clock_boot_ms(), now = start, probe_at = start;

	while (now - start < watch_ms) {
		if (interrupt_pending())
			return interrupt_error();
		if (now >= probe_at) {
			err_try(look(paths, klog, log, why));
			probe_at = clock_boot_ms() + PROBE_EVERY_MS;
		} else {
			*why = read_log(klog, log);
		}
		if (*why)
			return NULL;
		progress_update(progress, (now - start) / 1000);
		live_sleep_ms(LOOK_EVERY_MS);
		now = clock_boot_ms();
	}
	return look(paths, klog, log, why);
}

struct err *live_health_watch(const struct root *root, unsigned watch_ms, struct live_klog *klog,
			      struct progress *progress, struct str_vec *log, char **why)
{
	scope_live_findings findings = {};
	scope_str_vec paths = {};

	*why = NULL;
	err_try(list_probes(root, &findings, &paths));
	progress_begin(progress, "watching, seconds", watch_ms / 1000, PROGRESS_COUNT);

	struct err *err = watch(&paths, watch_ms, klog, progress, log, why);

	progress_end(progress);
	return err;
}
