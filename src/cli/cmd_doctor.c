/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/file.h"
#include "base/proc.h"
#include "base/strbuf.h"
#include "cli/cli.h"
#include "cli/commands.h"

/* What a kernel takes in the cache: its source 1.7 GB, its modules up to 0.6 GB, packages. */
#define KERNEL_BYTES 3000000000ull

#define TOOL_TIMEOUT_MS 10000

enum level { GOOD, NOTE, MISSING };

static const struct {
	const char *name, *colour;
} levels[] = {
	[GOOD] = {"ok", "\033[32m"},
	[NOTE] = {"note", "\033[33m"},
	[MISSING] = {"missing", "\033[31m"},
};

struct fact {
	enum level level;
	const char *what; /* not owned */
	char *detail;	  /* what was found, or what stands in the way and what helps */
};

struct fact_vec VEC(struct fact);

static void facts_free(struct fact_vec *facts)
{
	vec_foreach(facts, fact)
		free(fact->detail);
	vec_free(facts);
}

#define scope_facts __attribute__((cleanup(facts_free))) struct fact_vec

static void add(struct fact_vec *facts, enum level level, const char *what, char *detail)
{
	vec_push(facts, (struct fact){level, what, detail});
}

/* The error becomes the fact; without one, found is (and is owned). */
static void add_err(struct fact_vec *facts, enum level bad, const char *what, struct err *err,
		    char *found)
{
	if (!err) {
		add(facts, GOOD, what, found);
		return;
	}
	free(found);
	add(facts, bad, what, xstrdup(err_message(err)));
	err_free(err);
}

static const struct {
	const char *program, *package, *used_by;
	enum level absent;
} programs[] = {
	{"make", "make", "build", MISSING},
	{"patch", "patch", "build", MISSING},
	{"diff", "diffutils", "build", MISSING},
	{"ld", "binutils", "build", MISSING},
	{"bash", "bash", "build", MISSING},
	{"apt-cache", "apt", "fetch", NOTE},
	{"apt-get", "apt", "fetch", NOTE},
	{"dpkg", "dpkg", "fetch", NOTE},
	{"qemu-system-x86_64", "qemu-system-x86", "test", NOTE},
};

static void check_programs(struct fact_vec *facts)
{
	for (size_t i = 0; i < array_size(programs); i++) {
		char *path = proc_find(programs[i].program);

		if (path)
			add(facts, GOOD, programs[i].program, path);
		else
			add(facts, programs[i].absent, programs[i].program,
			    xasprintf("not installed, 'suture %s' needs it: apt-get install %s",
				      programs[i].used_by, programs[i].package));
	}
}

/* The nearest folder above path that is there. */
static char *existing_parent(const char *path)
{
	char *parent = xstrdup(path);

	while (!dir_exists(parent)) {
		char *slash = strrchr(parent, '/');

		if (!slash || slash == parent) {
			free(parent);
			return xstrdup(slash ? "/" : ".");
		}
		*slash = '\0';
	}
	return parent;
}

static void check_cache(struct fact_vec *facts)
{
	scope_free char *cache = target_cache_dir();
	scope_free char *there = existing_parent(cache);
	struct statvfs fs;

	if (access(there, W_OK) < 0) {
		add(facts, MISSING, "cache",
		    xasprintf("%s cannot be written; SUTURE_CACHE names another folder", cache));
		return;
	}
	if (statvfs(there, &fs) < 0) {
		add(facts, MISSING, "cache", xasprintf("%s: its disk is not known", cache));
		return;
	}

	uint64_t bytes = (uint64_t)fs.f_bavail * fs.f_frsize;
	scope_free char *size = cli_bytes(bytes);

	if (bytes < KERNEL_BYTES)
		add(facts, NOTE, "cache",
		    xasprintf("%s: %s free, a further kernel takes 3 GB", cache, size));
	else
		add(facts, GOOD, "cache", xasprintf("%s, %s free", cache, size));
}

static void check_kvm(struct fact_vec *facts)
{
	if (!access("/dev/kvm", R_OK | W_OK))
		add(facts, GOOD, "kvm",
		    xstrdup("/dev/kvm is there; 'suture test' tries whether it "
			    "works"));
	else
		add(facts, NOTE, "kvm",
		    xstrdup("no usable /dev/kvm: 'suture test' emulates, which takes longer"));
}

static void check_running(struct fact_vec *facts)
{
	if (access("/sys/kernel/livepatch", F_OK))
		add(facts, NOTE, "running kernel",
		    xstrdup("cannot be live-patched: no /sys/kernel/livepatch "
			    "(CONFIG_LIVEPATCH); building and testing do not need it"));
	else if (geteuid())
		add(facts, NOTE, "running kernel", xstrdup("can be live-patched, by root"));
	else
		add(facts, GOOD, "running kernel", xstrdup("can be live-patched"));
}

/* The build tools come prebuilt; they run only where the libraries that they want are. */
static void check_tool(struct fact_vec *facts, const struct target *target, const char *what,
		       const char *name)
{
	scope_free char *path = xasprintf("%s/%s", target->build_dir, name);
	const char *const argv[] = {path, NULL};
	scope_strbuf output = STRBUF_INIT;
	int status;
	struct err *err = proc_run(&(struct proc_spec){.argv = argv, .timeout_ms = TOOL_TIMEOUT_MS},
				   &status, &output);

	/* Called without arguments it fails, in its own words and not in the loader's. */
	if (!err && strstr(output.buf, "error while loading shared libraries"))
		err = err_new("%.*s", (int)strcspn(output.buf, "\n"), output.buf);
	add_err(facts, MISSING, what, err, xstrdup(path));
}

static void check_target(struct fact_vec *facts, const struct target *target)
{
	const char *live = target_config(target, "LIVEPATCH");

	if (live && !strcmp(live, "y"))
		add(facts, GOOD, "livepatch", xstrdup("the kernel has it (CONFIG_LIVEPATCH=y)"));
	else
		add(facts, MISSING, "livepatch",
		    xasprintf("kernel %s is built without CONFIG_LIVEPATCH: no live patch can be "
			      "loaded into it",
			      target->release));
	add_err(facts, MISSING, "compiler", target_check_compiler(target),
		xstrdup(target->compiler_text));
	check_tool(facts, target, "objtool", "tools/objtool/objtool");
	check_tool(facts, target, "modpost", "scripts/mod/modpost");
}

/* The kernel asked for, without fetching anything. */
static void check_kernel(struct fact_vec *facts, const struct target_spec *spec)
{
	scope_target target = NULL;
	enum level bad = spec->release || spec->image ? MISSING : NOTE;
	bool cached = spec->image;
	struct err *err = cached ? NULL : target_available(spec->release, &cached);

	if (!err && !cached) {
		add(facts, GOOD, "kernel",
		    xstrdup("the archive has its packages; 'suture fetch' brings them"));
		return;
	}
	if (!err)
		err = target_open(spec, NULL, &target);
	add_err(facts, bad, "kernel", err, target ? xstrdup(target->dir) : NULL);
	if (target)
		check_target(facts, target);
}

static struct err *print_json(const struct cli *cli, const struct fact_vec *facts,
			      const char *release, bool ok)
{
	json_t *list = json_array();

	vec_foreach(facts, fact)
		json_array_append_new(list,
				      json_pack("{s:s,s:s,s:s}", "what", fact->what, "state",
						levels[fact->level].name, "detail", fact->detail));
	return cli_json(
		cli, json_pack("{s:s,s:b,s:o}", "kernel", release, "ok", (int)ok, "facts", list));
}

static void print_text(const struct fact_vec *facts, const char *release)
{
	bool colour = cli_colours(STDOUT_FILENO);

	printf("for kernel %s:\n", release);
	vec_foreach(facts, fact)
		printf("%s%-8s%s %-19s %s\n", colour ? levels[fact->level].colour : "",
		       levels[fact->level].name, colour ? "\033[0m" : "", fact->what, fact->detail);
}

static struct err *run_doctor(const struct cli *cli, const struct cli_args *args, int *status)
{
	struct target_spec spec = cli_target_spec(args);
	scope_facts facts = {};
	struct utsname uts = {};
	bool ok = true;

	uname(&uts);

	const char *release = spec.release ? spec.release : spec.image ? spec.image : uts.release;

	check_programs(&facts);
	check_cache(&facts);
	check_kvm(&facts);
	check_running(&facts);
	check_kernel(&facts, &spec);
	vec_foreach(&facts, fact)
		ok = ok && fact->level != MISSING;
	*status = ok ? 0 : ERR_FAILED;
	if (cli->json)
		return print_json(cli, &facts, release, ok);
	print_text(&facts, release);
	return NULL;
}

static const struct cli_option options[] = {CLI_KERNEL_OPTIONS, {}};

const struct command cmd_doctor = {
	.name = "doctor",
	.summary = "what this machine has, what it lacks, and how to get it",
	.args = "[--kernel REL]",
	.options = options,
	.help = "Nothing is fetched or changed.  \"missing\" stands in the way of a build for the\n"
		"kernel and makes the exit code 1; a \"note\" only does of one command.\n",
	.example = "suture doctor --kernel 6.1.0-54-amd64",
	.run = run_doctor,
};
