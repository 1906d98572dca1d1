/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counts how often the patch's functions are called, by a kprobe at the entry of each new function
 * (kprobe_profile).  If neither the old name nor Suture's name for its replacement finds a function
 * of the module, as in modules that Suture did not build, the calls of the old one are counted:
 * once a transition is complete, each of them leads to the new one.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "klp/new_name.h"
#include "probe.h"
#include "step.h"
#include "util.h"

#define TRACING "/sys/kernel/tracing/"
#define GROUP "suture"

static struct probe probes[PROBES_MAX];
static unsigned nr_probes;
static unsigned nr_left_out; /* functions for which there is no room */
static bool counting;

unsigned probe_count(void)
{
	return nr_probes;
}

const struct probe *probe_at(unsigned index)
{
	return &probes[index];
}

static void probe_forget(void)
{
	for (unsigned i = 0; i < nr_probes; i++) {
		free(probes[i].object);
		free(probes[i].name);
	}
	nr_probes = 0;
	nr_left_out = 0;
}

/* Adds a function by "name,sympos", an entry of its object's folder in sysfs. */
static void probe_add_function(const char *object, const char *entry)
{
	const char *comma = strrchr(entry, ',');

	if (!comma)
		return;
	if (nr_probes == PROBES_MAX) {
		nr_left_out++;
		return;
	}
	probes[nr_probes++] = (struct probe){
		.object = strdup(object),
		.name = strndup(entry, comma - entry),
		.sympos = atoi(comma + 1),
	};
}

static void list_object(const char *dir_path, const char *object)
{
	char path[600];

	snprintf(path, sizeof(path), "%s/%s", dir_path, object);

	DIR *dir = opendir(path);
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		if (entry->d_type == DT_DIR && *entry->d_name != '.')
			probe_add_function(object, entry->d_name);
	}
	if (dir)
		closedir(dir);
}

void probe_list(const char *name)
{
	char path[300];

	probe_forget();
	snprintf(path, sizeof(path), "/sys/kernel/livepatch/%s", name);

	DIR *dir = opendir(path);
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		if (entry->d_type == DT_DIR && *entry->d_name != '.')
			list_object(path, entry->d_name);
	}
	if (dir)
		closedir(dir);
}

static int probe_append(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);

	if (fd < 0)
		return -errno;

	int error = write(fd, text, strlen(text)) < 0 ? -errno : 0;

	close(fd);
	return error;
}

static int probe_define(const char *event, const char *where)
{
	char text[1000];

	snprintf(text, sizeof(text), "p:%s %s", event, where);
	return probe_append(TRACING "kprobe_events", text);
}

/* Returns whether a symbol has the name, or is its replacement in a module of Suture. */
static bool symbol_has_name(const char *symbol, const char *name)
{
	size_t len = strlen(name);

	return !strncmp(symbol, name, len) &&
	       (!symbol[len] || !strcmp(symbol + len, KLP_NEW_SUFFIX));
}

/*
 * Finds the address of the nth symbol of a name (from 1; 0: the only one) that belongs to a module,
 * or to the kernel itself if module is NULL; returns 0 if there is none.  Addresses are needed as
 * kprobe_events refuses names of several functions (b022f0c7e404, v6.6).
 */
static unsigned long long find_symbol(const char *module, const char *name, unsigned nth)
{
	FILE *file = fopen("/proc/kallsyms", "re");
	char *line = NULL;
	size_t alloc = 0;
	unsigned long long found = 0;
	unsigned seen = 0;

	while (file && getline(&line, &alloc, file) > 0) {
		unsigned long long address;
		char type, symbol[512], owner[256] = "";

		if (!strstr(line, name) ||
		    sscanf(line, "%llx %c %511s [%255[^]]", &address, &type, symbol, owner) < 3 ||
		    (type != 't' && type != 'T') || !symbol_has_name(symbol, name) ||
		    strcmp(owner, module ? module : ""))
			continue;
		if (++seen == (nth ? nth : 1))
			found = address;
	}
	free(line);
	if (file)
		fclose(file);
	/* If several symbols have the name, n must say which of them is meant. */
	return nth || seen == 1 ? found : 0;
}

static unsigned namesakes(unsigned index)
{
	unsigned before = 0;

	for (unsigned i = 0; i < index; i++)
		before += !strcmp(probes[i].name, probes[index].name);
	return before;
}

static bool has_namesake(unsigned index)
{
	for (unsigned i = 0; i < nr_probes; i++) {
		if (i != index && !strcmp(probes[i].name, probes[index].name))
			return true;
	}
	return false;
}

static int set_by_address(unsigned index, const char *event, const char *module, unsigned nth)
{
	unsigned long long address = find_symbol(module, probes[index].name, nth);
	char where[32];

	if (!address)
		return -ENOENT;
	snprintf(where, sizeof(where), "0x%llx", address);
	return probe_define(event, where);
}

/*
 * Sets a probe at the new function.  If several objects have functions of that name, the module has
 * one new function for each, and it is not known which belongs to which object; so each is counted
 * by its place in the module.
 */
static int set_new(unsigned index, const char *event, const char *module)
{
	char where[800];

	if (has_namesake(index))
		return set_by_address(index, event, module, namesakes(index) + 1);
	snprintf(where, sizeof(where), "%s:%s" KLP_NEW_SUFFIX, module, probes[index].name);

	int error = probe_define(event, where);

	if (!error)
		return 0;
	snprintf(where, sizeof(where), "%s:%s", module, probes[index].name);
	return probe_define(event, where);
}

int probe_define_old(unsigned index, const char *event)
{
	const struct probe *probe = &probes[index];
	const char *object = strcmp(probe->object, "vmlinux") ? probe->object : NULL;
	char where[800];

	if (probe->sympos > 1)
		return set_by_address(index, event, object, probe->sympos);
	snprintf(where, sizeof(where), "%s%s%s", object ? object : "", object ? ":" : "",
		 probe->name);

	int error = probe_define(event, where);

	return error ? set_by_address(index, event, object, probe->sympos) : 0;
}

void probe_clear(void)
{
	guest_write_text(TRACING "events/" GROUP "/enable", "0");
	for (unsigned i = 0; i < nr_probes; i++) {
		char text[64];

		snprintf(text, sizeof(text), "-:" GROUP "/f%u", i);
		if (counting && !probes[i].error)
			probe_append(TRACING "kprobe_events", text);
	}
	counting = false;
}

bool probe_counting(void)
{
	return counting;
}

/* probe NAME: counts the calls of a patch's functions from now on. */
bool verb_probe(const struct step *step, struct event *ev)
{
	static const char too_many[] = "the patch has too many functions to count their calls";

	probe_clear();
	if (!path_exists(TRACING "kprobe_events")) {
		event_string(ev, KEY_WHY, "this kernel has no kprobe events");
		return false;
	}
	guest_write_text(TRACING "buffer_size_kb", "16"); /* nobody reads the trace */
	probe_list(step->argv[1]);
	/* With counters for a part of the functions only, it would seem that all were called. */
	if (nr_left_out) {
		event_string(ev, KEY_WHY, too_many);
		return false;
	}
	counting = true;
	for (unsigned i = 0; i < nr_probes; i++) {
		char event[32];

		snprintf(event, sizeof(event), GROUP "/f%u", i);

		int error = set_new(i, event, step->argv[1]);

		probes[i].error = error ? probe_define_old(i, event) : 0;
	}
	/* Probes are enabled one by one, since those of a module that is not loaded fail. */
	for (unsigned i = 0; i < nr_probes; i++) {
		char path[100];

		snprintf(path, sizeof(path), TRACING "events/" GROUP "/f%u/enable", i);
		if (!probes[i].error)
			probes[i].error = guest_write_text(path, "1");
	}
	event_num(ev, KEY_COUNT, nr_probes);
	return true;
}

void probe_read(unsigned long long hits[PROBES_MAX])
{
	static char text[PROBES_MAX * 80];

	memset(hits, 0, PROBES_MAX * sizeof(*hits));
	if (!counting || guest_read_text(TRACING "kprobe_profile", text, sizeof(text)) < 0)
		return;
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		unsigned long long hit, missed;
		unsigned index;

		/* A call during the handling of another kprobe counts as missed. */
		if (sscanf(line, " f%u %llu %llu", &index, &hit, &missed) == 3 &&
		    index < PROBES_MAX)
			hits[index] = hit + missed;
	}
}
