/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "advise/scan.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "advise/scan_internal.h"
#include "base/alloc.h"
#include "base/interrupt.h"
#include "base/strbuf.h"

#define MAPS_BUFFER (256u << 10)
#define MAX_LINES 2000000      /* of one process's maps */
#define MAX_PROCESS_FILES 2048 /* that count, of one process */
#define SMALL_TEXT 16384       /* stat, cgroup, the start of cmdline */

struct scanner {
	const struct root *root;
	const struct rules *rules;
	const struct scan_options *options;
	struct scan *scan;
	struct views *views;
	int proc;
	double boot;  /* the clock when the machine started, in seconds */
	double ticks; /* of a second */
	uint8_t *buffer;
};

static int open_proc(const struct scanner *scanner, int pid, const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "%d/%s", pid, name);

	int fd = openat(scanner->proc, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	return fd < 0 ? -errno : fd;
}

/* As much as fits; the number of bytes, or -errno. */
static ssize_t read_small(const struct scanner *scanner, int pid, const char *name, char *buf,
			  size_t size)
{
	scope_close int fd = open_proc(scanner, pid, name);
	size_t len = 0;
	ssize_t got;

	if (fd < 0)
		return fd;
	while (len < size && (got = read(fd, buf + len, size - len))) {
		if (got < 0 && errno != EINTR)
			return -errno;
		len += got > 0 ? got : 0;
	}
	return len;
}

static bool read_stat(const struct scanner *scanner, int pid, struct proc_stat *stat)
{
	char buf[SMALL_TEXT];
	ssize_t len = read_small(scanner, pid, "stat", buf, sizeof(buf));

	return len > 0 && procfs_stat((struct bytes){(uint8_t *)buf, len}, stat);
}

static void read_owner(const struct scanner *scanner, int pid, struct owner *owner)
{
	char buf[SMALL_TEXT];
	ssize_t len = read_small(scanner, pid, "cgroup", buf, sizeof(buf));

	if (len > 0)
		*owner = owner_from_cgroup(procfs_cgroup((struct bytes){(uint8_t *)buf, len}));
	if (pid == 1 && owner->kind == OWNER_NONE)
		*owner = (struct owner){.kind = OWNER_INIT, .name = xstrdup("init.scope")};
}

static void add_file(struct process *process, const struct file_use *file)
{
	vec_foreach(&process->files, it)
		if (*it == file)
			return;
	if (process->files.len >= MAX_PROCESS_FILES) {
		process->partial = true;
		return;
	}
	vec_push(&process->files, file);
	process->nr_stale += file->state != FILE_CURRENT;
}

struct maps_reader {
	const struct scanner *scanner;
	const struct view *view;
	struct process *process;
	struct mapping last; /* most files are mapped in several pieces, one after the other */
	size_t lines;
};

static bool same_mapping(const struct mapping *a, const struct mapping *b)
{
	return a->inode == b->inode && a->major == b->major && a->minor == b->minor &&
	       a->name.size == b->name.size && !memcmp(a->name.data, b->name.data, a->name.size);
}

static void take_line(struct maps_reader *reader, struct bytes line)
{
	struct mapping map;

	if (!procfs_mapping(line, &map) || !map.inode || !map.name.size)
		return;
	if (same_mapping(&map, &reader->last) && (reader->last.exec || !map.exec))
		return;
	reader->last = map;

	const struct file_use *file = scan_files_mapped(reader->scanner->scan->files, reader->view,
							reader->process->pid, &map);

	if (file)
		add_file(reader->process, file);
}

/* Whole lines of the buffer; returns how many bytes of it were used up. */
static size_t take_lines(struct maps_reader *reader, const uint8_t *data, size_t len)
{
	const uint8_t *end = memrchr(data, '\n', len);
	struct bytes rest = {data, end ? (size_t)(end + 1 - data) : 0}, line;

	while (procfs_line(&rest, &line)) {
		take_line(reader, line);
		reader->lines++;
	}
	return end ? (size_t)(end + 1 - data) : 0;
}

/* 0, or -errno. */
static int read_maps(struct scanner *scanner, const struct view *view, struct process *process)
{
	scope_close int fd = open_proc(scanner, process->pid, "maps");
	struct maps_reader reader = {scanner, view, process, {}, 0};
	size_t len = 0;
	ssize_t got;

	if (fd < 0)
		return fd;
	while ((got = read(fd, scanner->buffer + len, MAPS_BUFFER - len))) {
		if (got < 0 && errno != EINTR)
			return -errno;
		len += got > 0 ? got : 0;

		size_t used = take_lines(&reader, scanner->buffer, len);

		if (!used && len == MAPS_BUFFER)
			used = len; /* a line that no kernel writes */
		memmove(scanner->buffer, scanner->buffer + used, len - used);
		len -= used;
		/* The last was in the buffer that was moved. */
		reader.last = (struct mapping){};
		if (reader.lines > MAX_LINES) {
			process->partial = true;
			return 0;
		}
	}
	take_line(&reader, (struct bytes){scanner->buffer, len});
	return 0;
}

static bool read_exe(const struct scanner *scanner, int pid, char *buf, size_t size)
{
	char path[64];

	snprintf(path, sizeof(path), "%d/exe", pid);

	ssize_t len = readlinkat(scanner->proc, path, buf, size - 1);

	if (len < 0)
		return false;
	buf[len] = '\0';
	if (str_ends(buf, " (deleted)"))
		buf[len - strlen(" (deleted)")] = '\0';
	return true;
}

/* The first argument that is no option, if it is a whole path. */
static const char *script_of(const char *args, size_t len)
{
	const char *end = args + len;

	for (const char *arg = args + strnlen(args, len) + 1; arg < end;
	     arg += strnlen(arg, end - arg) + 1)
		if (*arg != '-')
			return *arg == '/' && memchr(arg, 0, end - arg) ? arg : NULL;
	return NULL;
}

/*
 * Arguments are in the process's own memory, and whoever owns that can make reading it wait for
 * ever (userfaultfd, FUSE).  So only those of root and of system services are read.
 */
static void check_script(struct scanner *scanner, const struct view *view, const char *exe,
			 struct process *process, uint64_t start)
{
	char args[SMALL_TEXT];

	if ((process->uid && process->owner.kind != OWNER_SERVICE) ||
	    !rules_find(scanner->rules, RULE_INTERPRETER, exe))
		return;

	ssize_t len = read_small(scanner, process->pid, "cmdline", args, sizeof(args));
	const char *script = len > 0 ? script_of(args, len) : NULL;

	if (!script || !scanner->ticks)
		return;

	double started = scanner->boot + start / scanner->ticks;
	const struct file_use *file =
		scan_files_script(scanner->scan->files, view, script, started);

	if (file)
		add_file(process, file);
}

static void process_free(struct process *process)
{
	owner_free(&process->owner);
	vec_free(&process->files);
}

static bool transient(const struct scanner *scanner, const struct process *process, const char *exe)
{
	return process->pid == scanner->options->self ||
	       (rules_find(scanner->rules, RULE_PROGRAM, exe) && scanner->options->self);
}

/* False when there is nothing to tell of it: it went away, or is not ours to look into. */
static bool scan_process(struct scanner *scanner, struct process *process)
{
	struct proc_stat stat, again;
	struct stat st;
	char name[32], exe[4096 + 16] = "";

	snprintf(name, sizeof(name), "%d", process->pid);
	if (!read_stat(scanner, process->pid, &stat) || stat.kernel_thread || stat.ended ||
	    fstatat(scanner->proc, name, &st, 0) < 0)
		return false;
	memcpy(process->comm, stat.comm, sizeof(process->comm));
	process->ppid = stat.ppid;
	process->uid = st.st_uid;
	scanner->scan->seen++;

	const struct view *view = views_of(scanner->views, process->pid);

	if (!view || !read_exe(scanner, process->pid, exe, sizeof(exe))) {
		/* One that ends has neither any more. */
		scanner->scan->unreadable += errno == EACCES || errno == EPERM;
		return false;
	}
	read_owner(scanner, process->pid, &process->owner);
	process->foreign = view->foreign;
	if (process->foreign && !scanner->options->containers)
		return true;
	if (transient(scanner, process, exe))
		return false;

	int error = read_maps(scanner, view, process);

	if (error) {
		scanner->scan->unreadable += error == -EACCES || error == -EPERM;
		return false;
	}
	check_script(scanner, view, exe, process, stat.start);
	/* Whatever was read belongs to one process only if it is still the same. */
	return !process->nr_stale ||
	       (read_stat(scanner, process->pid, &again) && again.start == stat.start);
}

static double boot_time(const struct root *root)
{
	char *text = NULL;
	struct err *err = root_read(root, "/proc/stat", &text);
	const char *at = text ? strstr(text, "\nbtime ") : NULL;
	double boot = at ? strtod(at + strlen("\nbtime "), NULL) : 0;

	err_free(err);
	free(text);
	return boot;
}

static int compare_numbers(const void *a, const void *b)
{
	const struct process *x = a, *y = b;

	return (x->pid > y->pid) - (x->pid < y->pid);
}

static struct err *scan_all(struct scanner *scanner)
{
	scope_str_vec names = {};
	struct scan *scan = scanner->scan;

	err_try(root_list(scanner->root, "/proc", &names));
	vec_foreach(&names, name) {
		char *end;
		long pid = strtol(*name, &end, 10);
		struct process process = {.pid = (int)pid};

		if (**name < '1' || **name > '9' || *end || pid > INT32_MAX)
			continue;
		if (interrupt_pending())
			return interrupt_error();
		if (scan_process(scanner, &process))
			vec_push(&scan->processes, process);
		else
			process_free(&process);
	}
	if (scan->processes.len)
		qsort(scan->processes.data, scan->processes.len, sizeof(*scan->processes.data),
		      compare_numbers);
	return NULL;
}

struct err *scan_processes(const struct root *root, const struct rules *rules,
			   const struct scan_options *options, struct scan *scan)
{
	scope_close int proc = root_openat(root, "/proc", O_RDONLY | O_DIRECTORY, 0);
	scope_free uint8_t *buffer = xmalloc(MAPS_BUFFER);
	struct scanner scanner = {
		.root = root,
		.rules = rules,
		.options = options,
		.scan = scan,
		.proc = proc,
		.boot = boot_time(root),
		.ticks = sysconf(_SC_CLK_TCK),
		.buffer = buffer,
	};

	if (proc < 0)
		return err_errno(-proc, "/proc");
	scan->files = scan_files_new(rules, proc);

	struct err *err = views_new(root, proc, &scanner.views);

	if (!err)
		err = scan_all(&scanner);
	views_free(scanner.views);
	return err;
}

void scan_free(struct scan *scan)
{
	vec_foreach(&scan->processes, process)
		process_free(process);
	vec_free(&scan->processes);
	scan_files_free(scan->files);
	*scan = (struct scan){};
}
