/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs the differ's fixtures, in parallel, and prints TAP.
 *
 *	run_fixtures [-c] [-k DIR] [NAME...]
 *
 * -c checks only that the fixtures contain what they claim; objects are kept, and not made again
 * while they are fresh, in DIR or else beside the program; a NAME is a glob such as "statics/"
 *followed by a star.  From the environment: SUTURE, the program under test (build/suture),
 *FIXTURES, the fixtures' folder, and FIXTURE_CC, the compiler (gcc-12, about whose code the
 *fixtures make claims).
 */
#include <dirent.h>
#include <fnmatch.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/proc.h"
#include "fixture.h"

struct run {
	const char *root; /* the folder of the fixtures */
	char *include_dir, *suture, *dir;
	const char *compiler;
	bool contents_only;
	struct str_vec names;
	atomic_uint *next; /* the fixture that the next idle worker runs; shared */
};

static void run_free(struct run *run)
{
	free(run->include_dir);
	free(run->suture);
	free(run->dir);
	str_vec_free(&run->names);
}
#define scope_run __attribute__((cleanup(run_free))) struct run

static const char *env_or(const char *name, const char *otherwise)
{
	return getenv(name) ?: otherwise;
}

static bool name_wanted(const char *name, char **globs)
{
	if (!*globs)
		return true;
	for (; *globs; globs++)
		if (!fnmatch(*globs, name, 0))
			return true;
	return false;
}

static void find_fixtures(struct run *run, const char *topic, char **globs)
{
	scope_free char *path = xasprintf("%s/%s", run->root, topic);
	DIR *dir = opendir(path);
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		scope_free char *name = xasprintf("%s/%s", topic, entry->d_name);

		if (!str_ends(name, ".c"))
			continue;
		name[strlen(name) - 2] = '\0';
		if (name_wanted(name, globs))
			vec_push(&run->names, xstrdup(name));
	}
	if (dir)
		closedir(dir);
}

static void find_topics(struct run *run, char **globs)
{
	DIR *dir = opendir(run->root);
	struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		if (entry->d_type == DT_DIR && entry->d_name[0] != '.')
			find_fixtures(run, entry->d_name, globs);
	if (dir)
		closedir(dir);
	str_vec_sort_unique(&run->names);
}

/* Runs the differ, whose messages go to a file beside the report. */
static struct err *run_differ(const struct run *run, struct fixture *fixture, json_t **diff)
{
	const char *const argv[] = {"sh",
				    "-c",
				    "\"$0\" --json -v diff \"$1\" \"$2\" >diff.json 2>diff.err || "
				    "{ status=$?; cat diff.err; exit $status; }",
				    run->suture,
				    fixture->object[BEFORE],
				    fixture->object[AFTER],
				    NULL};
	struct proc_spec spec = {.argv = argv, .cwd = fixture->dir, .timeout_ms = 60000};
	scope_free char *path = xasprintf("%s/diff.json", fixture->dir);
	json_error_t error;

	err_try(proc_check(&spec, NULL));
	*diff = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
	return *diff ? NULL : err_new("the report is no JSON: line %d: %s", error.line, error.text);
}

static struct err *run_fixture(const struct run *run, struct fixture *fixture)
{
	json_t *diff;

	err_try(fixture_compile(fixture, run->compiler, run->include_dir));
	err_try(fixture_check_contents(fixture));
	if (run->contents_only)
		return NULL;
	err_try(run_differ(run, fixture, &diff));

	struct err *err = fixture_check_part(fixture, diff);

	if (!err)
		fixture_check_verdict(fixture, diff);
	json_decref(diff);
	return err;
}

static void print_problems(FILE *out, const char *problems)
{
	scope_str_vec lines = {};

	words_split(problems, "\n", &lines);
	vec_foreach(&lines, line)
		fprintf(out, "#   %s\n", *line);
}

/* Runs one fixture and writes its TAP line to "<dir>/tap". */
static void report_fixture(const struct run *run, unsigned number)
{
	scope_free char *dir = xasprintf("%s/%s", run->dir, run->names.data[number]);
	scope_free char *path = xasprintf("%s/tap", dir);
	struct fixture fixture = {.problems = STRBUF_INIT};
	struct err *err = dir_make(dir);

	if (!err)
		err = fixture_load(run->root, run->names.data[number], dir, &fixture);
	if (!err)
		err = run_fixture(run, &fixture);
	if (err)
		fixture_problem(&fixture, "%s", err_message(err));
	err_free(err);

	FILE *out = fopen(path, "w");

	if (out) {
		fprintf(out, "%sok %u - %s: %s\n", fixture.problems.len ? "not " : "", number + 1,
			run->names.data[number], fixture.summary ?: "");
		print_problems(out, fixture.problems.buf);
		fclose(out);
	}
	fixture_free(&fixture);
}

static void run_workers(const struct run *run)
{
	/* If a worker dies, the line of an earlier run must not be left. */
	vec_foreach(&run->names, name) {
		scope_free char *path = xasprintf("%s/%s/tap", run->dir, *name);

		unlink(path);
	}
	fflush(stdout);
	for (unsigned worker = 0; worker < proc_cpus(); worker++) {
		if (fork())
			continue;
		for (unsigned number; (number = (*run->next)++) < run->names.len;)
			report_fixture(run, number);
		_exit(0);
	}
	while (wait(NULL) > 0)
		;
}

/* Prints the fixtures' TAP lines in order; a worker that died left one out. */
static unsigned print_tap(const struct run *run)
{
	unsigned failed = 0;

	printf("1..%zu\n", run->names.len);
	for (unsigned number = 0; number < run->names.len; number++) {
		scope_free char *path = xasprintf("%s/%s/tap", run->dir, run->names.data[number]);
		scope_free char *tap = NULL;
		struct err *err = file_read(path, &tap, NULL);

		if (err)
			printf("not ok %u - %s\n# %s\n", number + 1, run->names.data[number],
			       err_message(err));
		else
			fputs(tap, stdout);
		failed += err || !str_starts(tap, "ok ");
		err_free(err);
	}
	return failed;
}

/* Returns DIR, or a folder beside the program. */
static struct err *make_dir(struct run *run, const char *dir)
{
	scope_free char *program = realpath("/proc/self/exe", NULL);
	scope_free char *beside = xasprintf("%s.objects", program);

	if (!dir)
		dir = beside;
	err_try(dir_make(dir));
	run->dir = realpath(dir, NULL);
	return run->dir ? NULL : err_new("%s: cannot be found", dir);
}

int main(int argc, char **argv)
{
	scope_run run = {
		.root = env_or("FIXTURES", "tests/golden"),
		.compiler = env_or("FIXTURE_CC", "gcc-12"),
		.suture = realpath(env_or("SUTURE", "build/suture"), NULL),
	};
	const char *dir = NULL;
	int option;

	while ((option = getopt(argc, argv, "ck:")) != -1) {
		if (option == 'c')
			run.contents_only = true;
		else if (option == 'k')
			dir = optarg;
		else
			return 2;
	}
	run.include_dir = realpath(run.root, NULL);
	if (!run.include_dir || (!run.suture && !run.contents_only)) {
		printf("Bail out! no %s\n", run.include_dir ? "SUTURE program" : run.root);
		return 1;
	}
	struct err *err = make_dir(&run, dir);

	if (err) {
		printf("Bail out! %s\n", err_message(err));
		err_free(err);
		return 1;
	}
	run.next = mmap(NULL, sizeof(*run.next), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			-1, 0);
	find_topics(&run, argv + optind);
	run_workers(&run);
	return print_tap(&run) ? 1 : 0;
}
