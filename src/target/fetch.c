/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fetches the packages of a plan into the cache. A kernel and its source are two entries, since
 * several flavours share a source; a source with other headers over it is a third entry. They are
 * downloaded and unpacked at the same time, each unpacked by its own thread while the main thread
 * reports the progress.
 */
#include "target/fetch.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/interrupt.h"
#include "base/json.h"
#include "base/strbuf.h"
#include "target/cache.h"
#include "target/copy.h"
#include "target/prepare.h"
#include "target/sums.h"
#include "target/unpack.h"
#include "target/usage.h"

#define POLL_NS 50000000

/* A download that receives nothing for so long is given up. */
#define STALL_SECONDS 120

/* The ratio of unpacked to packed size of linux-source: 139 MB become 1.5 GB for 6.1. */
#define SOURCE_EXPANSION 12

#define MAX_RULES 8

/* The last rule stays empty, which ends the table. */
struct package_rules {
	struct unpack_rule rule[MAX_RULES];
	unsigned count;
};

enum job_state { JOB_DOWNLOADS, JOB_UNPACKS, JOB_DONE };

/* One entry that is being fetched. */
struct fetch_job {
	const struct apt_package_vec *packages;
	char *name; /* of the entry */
	int lock_fd;
	int hold_fd; /* lock of the download folder */
	struct cache_new entry;
	char *download; /* the folder that packages are downloaded into */
	enum job_state state;
	const struct apt_view *view; /* where the packages come from */
	struct proc *proc;
	bool gone; /* the archive lacks a file that the view's lists name */

	struct package_rules *rules; /* a list for each package */
	struct str_vec strings;	     /* what the rules point to */
	struct unpack_package *unpack;
	struct unpack_watch watch;
	struct sum_vec sums;
	pthread_t thread;
	bool thread_started;
	_Atomic bool thread_done;
	struct err *err; /* result of the thread */
};

static uint64_t packed_size(const struct fetch_job *job)
{
	uint64_t size = 0;

	vec_foreach(job->packages, package)
		size += package->size;
	return size;
}

static uint64_t downloaded_size(const struct fetch_job *job)
{
	uint64_t size = 0;

	vec_foreach(job->packages, package) {
		scope_free char *path = apt_downloaded(package, job->download);
		struct stat st;

		if (path && !stat(path, &st))
			size += st.st_size;
	}
	return size;
}

/* Adds a rule for the nth package; takes ownership of from, and copies to unless it is NULL. */
static void add_rule(struct fetch_job *job, unsigned nth, char *from, const char *to)
{
	struct package_rules *rules = &job->rules[nth];
	char *copy = to ? xstrdup(to) : NULL;

	vec_push(&job->strings, from);
	if (copy)
		vec_push(&job->strings, copy);
	rules->rule[rules->count++] = (struct unpack_rule){from, copy};
}

/*
 * The headers' own build tree and the kbuild tools, put together as one build folder.
 * The common headers package is not needed: its files are those of linux-source.
 */
static void kernel_rules(struct fetch_job *job, const struct debian_plan *plan)
{
	enum { IMAGE, HEADERS, KBUILD, REST };
	const char *release = plan->release, *kbuild = plan->kernel.data[KBUILD].name;
	scope_free char *modules = xasprintf("lib/modules/%s", release);
	scope_free char *headers = xasprintf("usr/src/linux-headers-%s", release);

	add_rule(job, IMAGE, xasprintf("boot/vmlinuz-%s", release), "boot/vmlinuz");
	add_rule(job, IMAGE, xasprintf("usr/%s/vmlinuz", modules), "boot/vmlinuz");
	add_rule(job, IMAGE, xstrdup(modules), modules);
	add_rule(job, IMAGE, xasprintf("usr/%s", modules), modules);
	for (unsigned i = REST; i < plan->kernel.len; i++)
		add_rule(job, i, xasprintf("usr/%s", modules), modules);

	/*
	 * These are links to the kbuild package, and makefiles that build external modules with
	 * other headers.
	 */
	add_rule(job, HEADERS, xasprintf("%s/scripts", headers), NULL);
	add_rule(job, HEADERS, xasprintf("%s/tools", headers), NULL);
	add_rule(job, HEADERS, xasprintf("%s/Makefile", headers), NULL);
	add_rule(job, HEADERS, xasprintf("%s/.kernelvariables", headers), NULL);
	add_rule(job, HEADERS, xstrdup(headers), "build");

	add_rule(job, KBUILD, xasprintf("usr/lib/%s/scripts", kbuild), "build/scripts");
	add_rule(job, KBUILD, xasprintf("usr/lib/%s/tools", kbuild), "build/tools");
}

static void source_rules(struct fetch_job *job, const struct debian_plan *plan)
{
	const char *name = plan->source.data[0].name;

	add_rule(job, 0, xasprintf("usr/src/%s.tar.xz", name), "tree");
	job->rules[0].rule[0].archive = true;
}

/*
 * The headers replace those of the source; the rest of their package is links to the kbuild tools.
 */
static void overlay_rules(struct fetch_job *job, const struct debian_plan *plan)
{
	const char *name = plan->overlay.data[0].name;

	add_rule(job, 0, xasprintf("usr/src/%s/scripts", name), NULL);
	add_rule(job, 0, xasprintf("usr/src/%s/tools", name), NULL);
	add_rule(job, 0, xasprintf("usr/src/%s", name), "tree");
}

static struct err *job_start(struct fetch_job *job, const struct apt_view *view, const char *root,
			     const char *kind)
{
	err_try(cache_begin(root, kind, job->name, &job->entry));
	job->download = xasprintf("%s/download/%s", root, job->name);
	err_try(dir_make(job->download));
	usage_hold(job->download, &job->hold_fd);
	job->rules = xcalloc(job->packages->len, sizeof(*job->rules));
	job->view = view;
	return apt_download_start(view, job->packages, job->download, &job->proc);
}

static void *unpack_thread(void *arg)
{
	struct fetch_job *job = arg;

	job->err = unpack_debs(job->unpack, job->entry.temp, &job->watch, &job->sums);
	job->thread_done = true;
	return NULL;
}

static struct err *job_unpack(struct fetch_job *job)
{
	job->unpack = xcalloc(job->packages->len + 1, sizeof(*job->unpack));
	for (size_t i = 0; i < job->packages->len; i++) {
		const struct apt_package *package = &job->packages->data[i];
		char *deb = apt_downloaded(package, job->download);

		if (!deb)
			return err_new("package %s was downloaded, but is not in %s", package->name,
				       job->download);
		vec_push(&job->strings, deb);
		job->unpack[i] = (struct unpack_package){deb, job->rules[i].rule};
	}

	int error = pthread_create(&job->thread, NULL, unpack_thread, job);

	if (error)
		return err_errno(error, "no thread can be started");
	job->thread_started = true;
	job->state = JOB_UNPACKS;
	return NULL;
}

static struct err *job_join(struct fetch_job *job)
{
	pthread_join(job->thread, NULL);
	job->thread_started = false;
	job->state = JOB_DONE;
	return take_ptr(job->err);
}

/* Moves a job on as far as possible without waiting. */
static struct err *job_step(struct fetch_job *job)
{
	if (job->state == JOB_DOWNLOADS && proc_done(job->proc)) {
		err_try(apt_download_result(job->view, job->proc, &job->gone));
		err_try(job_unpack(job));
	}
	if (job->state == JOB_UNPACKS && job->thread_done)
		err_try(job_join(job));
	return NULL;
}

static void fetch_job_free(struct fetch_job *job)
{
	job->watch.cancel = true;
	if (job->thread_started)
		err_free(job_join(job));
	err_free(job->err);
	proc_free(job->proc);
	str_vec_free(&job->strings);
	sums_free(&job->sums);
	cache_new_free(&job->entry);
	free(job->rules);
	free(job->unpack);
	free(job->download);
	free(job->name);
	if (job->lock_fd >= 0)
		close(job->lock_fd);
	if (job->hold_fd >= 0)
		close(job->hold_fd);
}

/* Jobs are locked and published in this order: each needs those before it. */
enum { SOURCE, OVERLAY, KERNEL, NR_JOBS };

/* Jobs that are not needed, or are in the cache already, have no packages. */
struct jobs {
	struct fetch_job job[NR_JOBS];
};

static void jobs_free(struct jobs *jobs)
{
	for (unsigned i = 0; i < NR_JOBS; i++)
		fetch_job_free(&jobs->job[i]);
}

#define scope_jobs __attribute__((cleanup(jobs_free))) struct jobs

/*
 * Returns the next job that has something to do, or the first one if job is NULL; NULL at the end.
 */
static struct fetch_job *next_job(struct jobs *jobs, const struct fetch_job *job)
{
	unsigned i = job ? job - jobs->job + 1 : 0;

	while (i < NR_JOBS && !jobs->job[i].packages)
		i++;
	return i < NR_JOBS ? &jobs->job[i] : NULL;
}

#define foreach_job(jobs, it)                                                                      \
	for (struct fetch_job *it = next_job(jobs, NULL); it; it = next_job(jobs, it))

static uint64_t total(struct jobs *jobs, uint64_t (*size)(const struct fetch_job *))
{
	uint64_t sum = 0;

	foreach_job(jobs, job)
		sum += size(job);
	return sum;
}

static bool all_past(struct jobs *jobs, enum job_state state)
{
	foreach_job(jobs, job)
		if (job->state <= state)
			return false;
	return true;
}

static uint64_t unpacked_size(const struct fetch_job *job)
{
	return job->watch.consumed;
}

/* Runs until every job is past a state; done grows to total. */
static struct err *run_past(struct jobs *jobs, enum job_state state,
			    uint64_t (*done)(const struct fetch_job *), bool may_stall,
			    struct progress *progress)
{
	uint64_t last = 0;
	time_t changed = time(NULL);

	while (!all_past(jobs, state)) {
		uint64_t now = total(jobs, done);

		foreach_job(jobs, job)
			err_try(job_step(job));
		progress_update(progress, now);
		if (interrupt_pending())
			return interrupt_error();
		if (now != last)
			changed = time(NULL);
		last = now;
		if (!may_stall && time(NULL) - changed > STALL_SECONDS)
			return err_new(
				"download: the archive has sent nothing for %d s; the next try continues where this one stopped",
				STALL_SECONDS);
		nanosleep(&(struct timespec){.tv_nsec = POLL_NS}, NULL);
	}
	return NULL;
}

static struct err *run_jobs(struct jobs *jobs, const char *release, struct progress *progress)
{
	scope_free char *download = xasprintf("download %s", release);
	scope_free char *unpack = xasprintf("unpack %s", release);
	uint64_t size = total(jobs, packed_size);

	progress_begin(progress, download, size, PROGRESS_BYTES);
	err_try(run_past(jobs, JOB_DOWNLOADS, downloaded_size, false, progress));
	progress_end(progress);
	progress_begin(progress, unpack, size, PROGRESS_BYTES);
	err_try(run_past(jobs, JOB_UNPACKS, unpacked_size, true, progress));
	progress_end(progress);
	return NULL;
}

/* Returns a lower bound of the space that a fetch needs while it runs. */
static uint64_t space_needed(const struct jobs *jobs)
{
	uint64_t need = 0;

	for (unsigned i = 0; i < NR_JOBS; i++) {
		if (!jobs->job[i].packages)
			continue;
		need += packed_size(&jobs->job[i]);
		vec_foreach(jobs->job[i].packages, package)
			need += i == SOURCE ? package->size * SOURCE_EXPANSION : package->installed;
	}
	return need;
}

/* Returns the name of the entry that the kernel is compiled from; free(). */
static char *tree_name(const struct debian_plan *plan)
{
	char *overlay = debian_overlay_name(plan);

	return overlay ? overlay : debian_source_name(plan);
}

static json_t *kernel_stamp(const struct debian_plan *plan)
{
	scope_free char *source = tree_name(plan);
	json_t *packages = json_array();

	vec_foreach(&plan->kernel, package)
		json_array_append_new(packages, json_pack("{s:s,s:s}", "name", package->name,
							  "version", package->version));
	return json_pack("{s:s,s:s,s:s,s:o}", "release", plan->release, "version", plan->version,
			 "source", source, "packages", packages);
}

static json_t *source_stamp(const struct debian_plan *plan)
{
	return json_pack("{s:s,s:s}", "package", plan->source.data[0].name, "version",
			 plan->version);
}

static json_t *overlay_stamp(const struct debian_plan *plan)
{
	json_t *stamp = source_stamp(plan);

	json_object_set_new(stamp, "headers", json_string(plan->overlay.data[0].name));
	return stamp;
}

static struct err *finish_source(const struct fetch_job *job, const char *root,
				 const struct debian_plan *plan)
{
	(void)root;
	(void)plan;
	err_try(prepare_source(job->entry.temp));
	return sums_write(job->entry.temp, job->name, &job->sums);
}

static struct err *finish_overlay(const struct fetch_job *job, const char *root,
				  const struct debian_plan *plan)
{
	scope_free char *source = debian_source_name(plan);
	scope_free char *base = xasprintf("%s/sources/%s/tree", root, source);
	scope_free char *over = xasprintf("%s/tree", job->entry.temp);

	err_try(copy_missing(base, over));
	return prepare_source(job->entry.temp);
}

static struct err *finish_kernel(const struct fetch_job *job, const char *root,
				 const struct debian_plan *plan)
{
	(void)root;
	return prepare_kernel(job->entry.temp, plan->release);
}

static const struct {
	const char *kind;
	size_t packages; /* index of the first in the plan */
	char *(*name)(const struct debian_plan *plan);
	void (*rules)(struct fetch_job *job, const struct debian_plan *plan);
	struct err *(*finish)(const struct fetch_job *job, const char *root,
			      const struct debian_plan *plan);
	json_t *(*stamp)(const struct debian_plan *plan);
} fetch_kinds[NR_JOBS] = {
	[SOURCE] = {"sources", offsetof(struct debian_plan, source), debian_source_name,
		    source_rules, finish_source, source_stamp},
	[OVERLAY] = {"sources", offsetof(struct debian_plan, overlay), debian_overlay_name,
		     overlay_rules, finish_overlay, overlay_stamp},
	[KERNEL] = {"kernels", offsetof(struct debian_plan, kernel), debian_kernel_name,
		    kernel_rules, finish_kernel, kernel_stamp},
};

static void jobs_name(struct jobs *jobs, const struct debian_plan *plan)
{
	for (unsigned i = 0; i < NR_JOBS; i++) {
		jobs->job[i].lock_fd = jobs->job[i].hold_fd = -1;
		jobs->job[i].name = fetch_kinds[i].name(plan);
	}
}

/* Locks in a fixed order, so that two fetches cannot wait for each other. */
static struct err *jobs_lock(struct jobs *jobs, const char *root, struct progress *progress)
{
	for (unsigned i = 0; i < NR_JOBS; i++) {
		struct fetch_job *job = &jobs->job[i];

		if (job->name)
			err_try(cache_lock(root, job->name, progress, &job->lock_fd));
	}
	return NULL;
}

/* Finds the parts of the plan that are not in the cache. */
static void jobs_find(struct jobs *jobs, const struct debian_plan *plan, const char *root)
{
	for (unsigned i = 0; i < NR_JOBS; i++) {
		struct fetch_job *job = &jobs->job[i];
		scope_free char *path = xasprintf("%s/%s/%s", root, fetch_kinds[i].kind,
						  job->name ? job->name : "");

		if (job->name && !cache_has(path))
			job->packages =
				(const void *)((const char *)plan + fetch_kinds[i].packages);
	}
	/* The plain source is only needed to make the tree that is compiled. */
	if (jobs->job[OVERLAY].name && !jobs->job[OVERLAY].packages)
		jobs->job[SOURCE].packages = NULL;
}

void debian_plan_needs(const struct debian_plan *plan, const char *root, uint64_t *download,
		       uint64_t *space)
{
	scope_jobs jobs = {};

	jobs_name(&jobs, plan);
	jobs_find(&jobs, plan, root);
	*download = total(&jobs, packed_size);
	*space = space_needed(&jobs);
}

static struct err *publish(struct jobs *jobs, const char *root, const struct debian_plan *plan)
{
	foreach_job(jobs, job) {
		unsigned nth = job - jobs->job;

		err_try(fetch_kinds[nth].finish(job, root, plan));
		err_try(cache_publish(&job->entry, fetch_kinds[nth].stamp(plan)));
		/*
		 * The packages are no longer needed; failing to remove them is no error of the
		 * fetch.
		 */
		err_free(dir_remove(job->download));
	}
	return NULL;
}

/* Returns what is fetched, for the display. */
static const char *fetch_label(const struct debian_plan *plan)
{
	return plan->release ? plan->release : plan->source.data[0].name;
}

static bool any_gone(struct jobs *jobs)
{
	foreach_job(jobs, job)
		if (job->gone)
			return true;
	return false;
}

struct err *debian_plan_fetch(const struct debian_plan *plan, const char *root,
			      struct progress *progress, bool *gone)
{
	scope_jobs jobs = {};

	*gone = false;
	jobs_name(&jobs, plan);
	err_try(jobs_lock(&jobs, root, progress));
	jobs_find(&jobs, plan, root);
	if (!next_job(&jobs, NULL))
		return NULL; /* the previous owner of the lock has fetched it */
	err_try(cache_check_space(root, fetch_label(plan), space_needed(&jobs)));
	foreach_job(&jobs, job) {
		unsigned nth = job - jobs.job;

		err_try(job_start(job, plan->view, root, fetch_kinds[nth].kind));
		fetch_kinds[nth].rules(job, plan);
	}

	struct err *err = run_jobs(&jobs, fetch_label(plan), progress);

	*gone = err && any_gone(&jobs);
	err_try(err);
	return publish(&jobs, root, plan);
}
