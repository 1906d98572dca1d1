/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The packages of a plan into the cache.  A kernel and its source are two entries,
 * since several flavours share a source; both are downloaded and unpacked side by
 * side, each unpacking in a thread of its own while this one tells the progress.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/interrupt.h"
#include "base/strbuf.h"
#include "target/cache.h"
#include "target/debian.h"
#include "target/prepare.h"
#include "target/unpack.h"

#define POLL_NS 50000000

/* Without a byte for so long, a download is given up. */
#define STALL_SECONDS 120

/* What linux-source unpacks to, by its packed size: 139 MB to 1.5 GB for 6.1. */
#define SOURCE_EXPANSION 12

#define MAX_RULES 8

/* The last one stays empty: the end of the table. */
struct package_rules {
	struct unpack_rule rule[MAX_RULES];
	unsigned count;
};

enum job_state { JOB_DOWNLOADS, JOB_UNPACKS, JOB_DONE };

/* One entry on its way into the cache. */
struct job {
	const struct apt_package_vec *packages;
	struct cache_new entry;
	char *download; /* folder */
	enum job_state state;
	struct proc *proc;

	struct package_rules *rules; /* one a package */
	struct str_vec strings;	     /* what the rules point to */
	struct unpack_package *unpack;
	struct unpack_watch watch;
	pthread_t thread;
	bool thread_started;
	_Atomic bool thread_done;
	struct err *err; /* the thread's */
};

static uint64_t packed_size(const struct job *job)
{
	uint64_t size = 0;

	vec_foreach(job->packages, package)
		size += package->size;
	return size;
}

static uint64_t downloaded_size(const struct job *job)
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

/* A rule for the nth package; from is taken over, to is copied unless NULL. */
static void add_rule(struct job *job, unsigned nth, char *from, const char *to)
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
static void kernel_rules(struct job *job, const struct debian_plan *plan)
{
	enum { IMAGE, HEADERS, KBUILD };
	const char *release = plan->release, *kbuild = plan->kernel.data[KBUILD].name;
	scope_free char *modules = xasprintf("lib/modules/%s", release);
	scope_free char *headers = xasprintf("usr/src/linux-headers-%s", release);

	add_rule(job, IMAGE, xasprintf("boot/vmlinuz-%s", release), "boot/vmlinuz");
	add_rule(job, IMAGE, xstrdup(modules), modules);
	add_rule(job, IMAGE, xasprintf("usr/%s", modules), modules);

	/* Links to the kbuild package, and what builds external modules with other headers. */
	add_rule(job, HEADERS, xasprintf("%s/scripts", headers), NULL);
	add_rule(job, HEADERS, xasprintf("%s/tools", headers), NULL);
	add_rule(job, HEADERS, xasprintf("%s/Makefile", headers), NULL);
	add_rule(job, HEADERS, xasprintf("%s/.kernelvariables", headers), NULL);
	add_rule(job, HEADERS, xstrdup(headers), "build");

	add_rule(job, KBUILD, xasprintf("usr/lib/%s/scripts", kbuild), "build/scripts");
	add_rule(job, KBUILD, xasprintf("usr/lib/%s/tools", kbuild), "build/tools");
}

static void source_rules(struct job *job, const struct debian_plan *plan)
{
	const char *name = plan->source.data[0].name;

	add_rule(job, 0, xasprintf("usr/src/%s.tar.xz", name), "tree");
	job->rules[0].rule[0].archive = true;
}

static struct err *job_start(struct job *job, const char *root, const char *kind, const char *name)
{
	err_try(cache_begin(root, kind, name, &job->entry));
	job->download = xasprintf("%s/download/%s", root, name);
	err_try(dir_make(job->download));
	job->rules = xcalloc(job->packages->len, sizeof(*job->rules));
	return apt_download_start(job->packages, job->download, &job->proc);
}

static void *unpack_thread(void *arg)
{
	struct job *job = arg;

	job->err = unpack_debs(job->unpack, job->entry.temp, &job->watch);
	job->thread_done = true;
	return NULL;
}

static struct err *job_unpack(struct job *job)
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

static struct err *job_join(struct job *job)
{
	pthread_join(job->thread, NULL);
	job->thread_started = false;
	job->state = JOB_DONE;
	return take_ptr(job->err);
}

/* Moves a job on as far as it goes without waiting. */
static struct err *job_step(struct job *job)
{
	if (job->state == JOB_DOWNLOADS && proc_done(job->proc)) {
		err_try(apt_download_result(job->proc));
		err_try(job_unpack(job));
	}
	if (job->state == JOB_UNPACKS && job->thread_done)
		err_try(job_join(job));
	return NULL;
}

static void job_free(struct job *job)
{
	job->watch.cancel = true;
	if (job->thread_started)
		err_free(job_join(job));
	err_free(job->err);
	proc_free(job->proc);
	str_vec_free(&job->strings);
	cache_new_free(&job->entry);
	free(job->rules);
	free(job->unpack);
	free(job->download);
}

/* The kernel's and the source's job; the one that is in the cache already has no packages. */
struct jobs {
	struct job kernel, source;
};

static void jobs_free(struct jobs *jobs)
{
	job_free(&jobs->kernel);
	job_free(&jobs->source);
}

#define scope_jobs __attribute__((cleanup(jobs_free))) struct jobs

struct both {
	struct job *job[2];
	unsigned count;
};

static uint64_t total(const struct both *both, uint64_t (*size)(const struct job *))
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < both->count; i++)
		sum += size(both->job[i]);
	return sum;
}

static bool all_past(const struct both *both, enum job_state state)
{
	for (unsigned i = 0; i < both->count; i++)
		if (both->job[i]->state <= state)
			return false;
	return true;
}

static uint64_t unpacked_size(const struct job *job)
{
	return job->watch.consumed;
}

/* Until every job is past a state; done grows to total. */
static struct err *run_past(const struct both *both, enum job_state state,
			    uint64_t (*done)(const struct job *), bool may_stall,
			    struct progress *progress)
{
	uint64_t last = 0;
	time_t changed = time(NULL);

	while (!all_past(both, state)) {
		uint64_t now = total(both, done);

		for (unsigned i = 0; i < both->count; i++)
			err_try(job_step(both->job[i]));
		progress_update(progress, now);
		if (interrupt_pending())
			return interrupt_error();
		if (now != last)
			changed = time(NULL);
		last = now;
		if (!may_stall && time(NULL) - changed > STALL_SECONDS)
			return err_new("download: nothing has come from the archive for %d s; what "
				       "there is will be used by the next try",
				       STALL_SECONDS);
		nanosleep(&(struct timespec){.tv_nsec = POLL_NS}, NULL);
	}
	return NULL;
}

static struct err *run_jobs(const struct both *both, const char *release, struct progress *progress)
{
	scope_free char *download = xasprintf("download %s", release);
	scope_free char *unpack = xasprintf("unpack %s", release);
	uint64_t size = total(both, packed_size);

	progress_begin(progress, download, size, PROGRESS_BYTES);
	err_try(run_past(both, JOB_DOWNLOADS, downloaded_size, false, progress));
	progress_end(progress);
	progress_begin(progress, unpack, size, PROGRESS_BYTES);
	err_try(run_past(both, JOB_UNPACKS, unpacked_size, true, progress));
	progress_end(progress);
	return NULL;
}

/* A lower bound of what a fetch needs on disk while it runs. */
static uint64_t space_needed(const struct both *both, const struct debian_plan *plan)
{
	uint64_t need = total(both, packed_size);

	for (unsigned i = 0; i < both->count; i++) {
		vec_foreach(both->job[i]->packages, package)
			need += both->job[i]->packages == &plan->source
					? package->size * SOURCE_EXPANSION
					: package->installed;
	}
	return need;
}

/* The packages are of no use any more; a failure to remove them is none of the fetch. */
static void remove_download(const struct job *job)
{
	err_free(dir_remove(job->download));
}

static json_t *kernel_stamp(const struct debian_plan *plan)
{
	scope_free char *source = debian_source_name(plan);
	json_t *packages = json_array();

	vec_foreach(&plan->kernel, package)
		json_array_append_new(packages, json_pack("{s:s,s:s}", "name", package->name,
							  "version", package->version));
	return json_pack("{s:s,s:s,s:s,s:o}", "release", plan->release, "version", plan->version,
			 "source", source, "packages", packages);
}

static struct err *publish(struct jobs *jobs, const struct debian_plan *plan)
{
	if (jobs->source.packages) {
		err_try(prepare_source(jobs->source.entry.temp));
		err_try(cache_publish(&jobs->source.entry,
				      json_pack("{s:s,s:s}", "package", plan->source.data[0].name,
						"version", plan->version)));
		remove_download(&jobs->source);
	}
	if (jobs->kernel.packages) {
		err_try(prepare_kernel(jobs->kernel.entry.temp, plan->release));
		err_try(cache_publish(&jobs->kernel.entry, kernel_stamp(plan)));
		remove_download(&jobs->kernel);
	}
	return NULL;
}

static bool have(const char *root, const char *kind, const char *name)
{
	scope_free char *path = xasprintf("%s/%s/%s", root, kind, name);
	json_t *stamp = cache_stamp(path);

	json_decref(stamp);
	return stamp;
}

struct err *debian_fetch(const struct debian_plan *plan, const char *root,
			 struct progress *progress)
{
	scope_free char *kernel = debian_kernel_name(plan), *source = debian_source_name(plan);
	scope_close int kernel_lock = -1, source_lock = -1;
	scope_jobs jobs = {};
	struct both both = {};

	/* Always in this order, so that two fetches cannot wait for each other. */
	err_try(cache_lock(root, kernel, progress, &kernel_lock));
	err_try(cache_lock(root, source, progress, &source_lock));
	if (!have(root, "kernels", kernel)) {
		jobs.kernel.packages = &plan->kernel;
		both.job[both.count++] = &jobs.kernel;
	}
	if (!have(root, "sources", source)) {
		jobs.source.packages = &plan->source;
		both.job[both.count++] = &jobs.source;
	}
	if (!both.count)
		return NULL; /* whoever had the lock before has fetched it */
	err_try(cache_check_space(root, plan->release, space_needed(&both, plan)));
	if (jobs.kernel.packages) {
		err_try(job_start(&jobs.kernel, root, "kernels", kernel));
		kernel_rules(&jobs.kernel, plan);
	}
	if (jobs.source.packages) {
		err_try(job_start(&jobs.source, root, "sources", source));
		source_rules(&jobs.source, plan);
	}
	err_try(run_jobs(&both, plan->release, progress));
	return publish(&jobs, plan);
}
