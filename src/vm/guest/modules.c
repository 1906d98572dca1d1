/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Implements the verbs that load and unload modules. */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "modules.h"
#include "step.h"
#include "util.h"

#define NEEDED_MAX 1024

/* How long `shed` waits for a module that something still uses. */
#define SHED_MS 200

/* The modules that verb_need() has loaded, in order. */
static char *needed_modules[NEEDED_MAX];
static unsigned needed_count;

unsigned char *module_file_bytes(const char *path, size_t *size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	unsigned char *data = NULL;

	if (fd >= 0 && !fstat(fd, &st) && st.st_size > (off_t)sizeof(Elf64_Ehdr)) {
		*size = st.st_size;
		data = malloc(*size);
		if (data && read(fd, data, *size) != (ssize_t)*size) {
			free(data);
			data = NULL;
		}
	}
	close(fd);
	return data;
}

int module_insert(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;

	int error = syscall(SYS_finit_module, fd, "", 0) < 0 ? -errno : 0;

	close(fd);
	return error;
}

int module_remove(const char *name, unsigned limit_ms)
{
	struct deadline deadline = deadline_from(now_ms(), limit_ms);
	int error;

	for (;;) {
		error = syscall(SYS_delete_module, name, O_NONBLOCK) < 0 ? -errno : 0;
		/* The work item of klp_free_patch_finish() keeps the module busy for a moment. */
		if ((error != -EAGAIN && error != -EBUSY) || deadline_over(&deadline))
			return error;
		sleep_ms(5);
	}
}

static bool module_report(struct event *ev, int error)
{
	if (error)
		event_num(ev, KEY_ERRNO, -error);
	return !error;
}

static bool module_is_present(const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "/sys/module/%s", name);
	return !access(path, F_OK);
}

/* need NAME FILE: loads a module that is patched, or that such a module needs. */
bool verb_need(const struct step *step, struct event *ev)
{
	int error = module_insert(step->argv[2]);

	/* A module's own init may return this, too: kvm_intel does if kvm_amd is there. */
	if (error == -EEXIST && module_is_present(step->argv[1]))
		return true;
	if (!error && needed_count < NEEDED_MAX)
		needed_modules[needed_count++] = strdup(step->argv[1]);
	return module_report(ev, error);
}

/* insert FILE: loads the patch. */
bool verb_insert(const struct step *step, struct event *ev)
{
	event_num(ev, KEY_TAINT, kernel_taint()); /* these are the flags before the load */
	return module_report(ev, module_insert(step->argv[1]));
}

/* remove NAME: unloads the patch. */
bool verb_remove(const struct step *step, struct event *ev)
{
	return module_report(ev, module_remove(step->argv[1], step->limit_ms));
}

/* release: unloads the modules that `need` loaded, the last one first; skips modules in use. */
bool verb_release(const struct step *step, struct event *ev)
{
	bool all = true;

	(void)step;
	(void)ev;
	while (needed_count) {
		char *name = needed_modules[--needed_count];

		all &= !module_remove(name, 0);
		free(name);
	}
	return all;
}

/*
 * Counts the references to a module, but those of modules that need it; returns -1 if it can never
 * be unloaded.  A line of /proc/modules is "dummy 16384 1 user,other, Live ...", with "-" if no
 * module uses it.
 */
static long module_references(const char *wanted)
{
	FILE *file = fopen("/proc/modules", "re");
	char *line = NULL;
	size_t alloc = 0;
	long found = -1;

	while (file && getline(&line, &alloc, file) > 0) {
		char name[256], users[4096];
		long count;

		if (sscanf(line, "%255s %*s %ld %4095s", name, &count, users) != 3 ||
		    strcmp(name, wanted) || strstr(users, "[permanent]"))
			continue;
		for (const char *at = users; (at = strchr(at, ',')); at++)
			count--;
		found = count;
	}
	free(line);
	if (file)
		fclose(file);
	return found;
}

/* idle: succeeds if the modules that `need` loaded could be unloaded. */
bool verb_idle(const struct step *step, struct event *ev)
{
	(void)step;
	(void)ev;
	for (unsigned i = 0; i < needed_count; i++) {
		if (module_references(needed_modules[i]))
			return false;
	}
	return true;
}

/*
 * shed KEEP: unloads the modules that `need` loaded, the last one first, but the first KEEP of them
 * and those in use.
 */
bool verb_shed(const struct step *step, struct event *ev)
{
	unsigned keep = strtoul(step->argv[1], NULL, 10);

	(void)ev;
	for (unsigned i = needed_count; i-- > keep;) {
		if (module_remove(needed_modules[i], SHED_MS))
			continue;
		free(needed_modules[i]);
		needed_count--;
		memmove(&needed_modules[i], &needed_modules[i + 1],
			(needed_count - i) * sizeof(*needed_modules));
	}
	return true;
}

/* unneed: unloads the modules that `need` loaded; fails at the first one that stays loaded. */
bool verb_unneed(const struct step *step, struct event *ev)
{
	while (needed_count) {
		char *name = needed_modules[needed_count - 1];

		if (module_remove(name, step->limit_ms / 4)) {
			event_string(ev, KEY_BUSY, name);
			event_num(ev, KEY_REFERENCES, module_references(name));
			return false;
		}
		needed_count--;
		free(name);
	}
	return true;
}
