/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Examines all processes with several threads and notes which of their files are stale. */
#include "advise/scan.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#include "advise/boot_time.h"
#include "advise/chroot.h"
#include "advise/maps.h"
#include "advise/scan_files.h"
#include "advise/scan_script.h"
#include "base/alloc.h"
#include "base/interrupt.h"
#include "base/path.h"
#include "base/proc.h"
#include "base/strbuf.h"

#define MAX_PROCESS_FILES 2048 /* at most this many files of one process are noted */
#define SMALL_TEXT 16384       /* for stat, cgroup and the beginning of cmdline */
#define MAX_THREADS 8
#define MAX_OPEN_FILES 4096 /* at most this many open files of one process are looked at */
#define MAX_ANCESTORS 16    /* so many processes above this command are looked at */
#define THREAD_PROCESSES 64 /* each thread beyond the first is started for this many processes */

/* The state of one thread, which has its own results. */
struct scanner {
	const struct root *root;
	const struct rules *rules;
	const struct scan_options *options;
	struct scan_files *files;    /* shared by all threads */
	struct recent_files *recent; /* this thread's own */
	struct views *views;	     /* shared by all threads */
	struct scan found;
	int proc;
	int session;		      /* that of the process to leave out; 0: none */
	int ancestors[MAX_ANCESTORS]; /* the processes above that one; 0: no more */
	bool chroot;		      /* so all units are those of the machine around it */
	double boot;		      /* the time of the boot by the clock, in seconds */
	double ticks;		      /* how many ticks a second has */
	uint64_t now;		      /* when the scan started, in ticks since the boot */
	uint8_t *buffer;
	bool text_only; /* the kernel lacks the ioctl for maps */
};

static bool read_stat(const struct scanner *scanner, int pid, struct proc_stat *stat)
{
	char buf[SMALL_TEXT];
	ssize_t len = procfs_read(scanner->proc, pid, "stat", buf, sizeof(buf));

	return len > 0 && procfs_stat((struct bytes){(uint8_t *)buf, len}, stat);
}

/* Reads the owner of the process, unless an earlier call has read it. */
static void read_owner(const struct scanner *scanner, struct process *process)
{
	struct owner *owner = &process->owner;
	int pid = process->pid;
	char buf[SMALL_TEXT];
	ssize_t len = process->owner_read
			      ? 0
			      : procfs_read(scanner->proc, pid, "cgroup", buf, sizeof(buf));

	process->owner_read = true;
	if (len > 0)
		*owner = owner_from_cgroup(procfs_cgroup((struct bytes){(uint8_t *)buf, len}));
	if (pid == 1 && owner->kind == OWNER_NONE)
		*owner = (struct owner){.kind = OWNER_INIT, .name = xstrdup("init.scope")};
}

static void process_add_file(struct process *process, const struct file_use *file)
{
	vec_foreach(&process->files, it)
		if (*it == file)
			return;
	if (process->files.len >= MAX_PROCESS_FILES) {
		process->partial = true;
		return;
	}
	vec_push(&process->files, file);
	process->nr_stale += file_use_is_stale(file);
	process->nr_temporary += file->state == FILE_TEMPORARY;
}

struct process_reader {
	struct maps_reader reader; /* must be first, as take_mapping() casts */
	struct scanner *scanner;
	const struct view *view;
	struct process *process;
};

static bool take_mapping(struct maps_reader *reader, const struct mapping *mapping)
{
	struct process_reader *own = (struct process_reader *)reader;
	const struct file_use *file = scan_files_mapped(own->scanner->files, own->scanner->recent,
							own->view, own->process->pid, mapping);

	/* A process that entered a chroot may still use files of the machine. */
	if (file && (own->scanner->options->containers || !view_owns(own->view, file->path)))
		process_add_file(own->process, file);
	return !own->process->partial;
}

/* Returns whether data that the process maps matters, by the code that it runs. */
static bool wants_data(const struct process *process)
{
	vec_foreach(&process->files, file)
		if ((*file)->wants_data)
			return true;
	return false;
}

/*
 * Adds open files that count as code, such as archives of classes, which Java keeps open and only
 * reads.  Of a made-up machine, the links are followed in the tree by their names only.
 */
static void read_open_files(struct scanner *scanner, const struct view *view,
			    struct process *process)
{
	char path[96], link[4096];
	scope_strbuf folder = STRBUF_INIT;
	scope_str_vec numbers = {};

	strbuf_addf(&folder, "/proc/%d/fd", process->pid);
	err_free(root_list(scanner->root, folder.buf, &numbers));
	for (size_t i = 0; i < numbers.len && i < MAX_OPEN_FILES; i++) {
		struct stat st;

		snprintf(path, sizeof(path), "%d/fd/%s", process->pid, numbers.data[i]);

		ssize_t len = readlinkat(scanner->proc, path, link, sizeof(link) - 1);

		if (len <= 0 || *link != '/')
			continue;
		link[len] = '\0';
		/* The inode is only compared; 1 is that of no file. */
		if (fstatat(scanner->proc, path, &st, 0))
			st = (struct stat){.st_ino = 1};

		struct mapping map = {
			.inode = st.st_ino,
			.major = major(st.st_dev),
			.minor = minor(st.st_dev),
			.name = {(const uint8_t *)link, len},
		};
		const struct file_use *file = scan_files_mapped(scanner->files, scanner->recent,
								view, process->pid, &map);

		if (file)
			process_add_file(process, file);
	}
}

/* Adds the mapped files that matter; returns 0 or -errno. */
static int read_maps(struct scanner *scanner, const struct view *view, struct process *process)
{
	scope_close int fd = procfs_open(scanner->proc, process->pid, "maps");
	struct process_reader own = {
		.reader = {.buffer = scanner->buffer,
			   .text_only = scanner->text_only,
			   .take = take_mapping},
		.scanner = scanner,
		.view = view,
		.process = process,
	};
	bool all;

	if (fd < 0)
		return fd;

	int error = maps_read(&own.reader, fd, !rules_want_data(scanner->rules, NULL), &all);

	if (!error && wants_data(process)) {
		if (!all)
			error = maps_read(&own.reader, fd, false, &all);
		read_open_files(scanner, view, process);
	}
	scanner->text_only = own.reader.text_only;
	return error;
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

/*
 * Returns whether a process's arguments may be read.  They are in its own memory, whose owner can
 * make a read block for ever (userfaultfd, FUSE); so only those of root and of system services are.
 */
static bool may_read_arguments(const struct scanner *scanner, struct process *process)
{
	struct stat st;
	char name[32];

	snprintf(name, sizeof(name), "%d", process->pid);
	read_owner(scanner, process);
	return process->owner.kind == OWNER_SERVICE ||
	       (!fstatat(scanner->proc, name, &st, 0) && !st.st_uid);
}

static struct script_use *script_new(const struct scanner *scanner, struct process *process,
				     const char *program, uint64_t start)
{
	struct script_use *script = xcalloc(1, sizeof(*script));

	script->program = xstrdup(program);
	script->started = scanner->boot + start / scanner->ticks;
	process->script = script;
	return script;
}

/* Adds the script that an interpreter runs. */
static void check_script(const struct scanner *scanner, const struct view *view, const char *exe,
			 struct process *process, uint64_t start)
{
	char args[SMALL_TEXT];

	if (!scanner->ticks || !may_read_arguments(scanner, process))
		return;

	ssize_t len = procfs_read(scanner->proc, process->pid, "cmdline", args, sizeof(args));

	if (len <= 0 || !memchr(args, 0, len))
		return;

	struct script_use *script = script_new(scanner, process, exe, start);
	const struct file_use *file = scan_script_take(
		&(struct script_reader){scanner->root, scanner->proc, scanner->files}, view,
		process->pid, (struct bytes){(uint8_t *)args, len}, script);

	if (file)
		process_add_file(process, file);
}

/* Notes an interpreter that a program embeds, such as uwsgi. */
static void check_embedded(const struct scanner *scanner, const char *library,
			   struct process *process, uint64_t start)
{
	if (scanner->ticks && may_read_arguments(scanner, process))
		scan_script_embedded(
			&(struct script_reader){scanner->root, scanner->proc, scanner->files},
			process->pid, script_new(scanner, process, library, start));
}

static const char *embedded_interpreter(const struct process *process)
{
	vec_foreach(&process->files, file)
		if ((*file)->interpreter)
			return (*file)->path;
	return NULL;
}

void scan_add_module(struct scan *scan, struct process *process, const struct root *root,
		     const char *path, bool all)
{
	struct stat st;

	if (root_stat(root, path, &st))
		return;

	const struct file_use *file =
		scan_files_module(scan->files, path, &st, process->script->started);

	if (all || file_use_is_stale(file))
		process_add_file(process, file);
}

void scan_read_owners(const struct root *root, struct scan *scan)
{
	scope_close int proc = root_openat(root, "/proc", O_RDONLY | O_DIRECTORY, 0);
	const struct scanner scanner = {.proc = proc};
	bool stale = false;

	vec_foreach(&scan->processes, it)
		stale = stale || it->nr_stale;
	vec_foreach(&scan->processes, it)
		if (stale && !it->owner_read)
			read_owner(&scanner, it);
}

static void process_free(struct process *process)
{
	owner_free(&process->owner);
	vec_free(&process->files);
	if (process->script) {
		free(process->script->program);
		free(process->script->path);
		free(process->script->prefix);
		free(process->script->cwd);
		str_vec_free(&process->script->names);
		str_vec_free(&process->script->folders);
	}
	free(process->script);
}

static bool is_ancestor(const struct scanner *scanner, int pid)
{
	for (size_t i = 0; i < MAX_ANCESTORS && scanner->ancestors[i]; i++)
		if (scanner->ancestors[i] == pid)
			return true;
	return false;
}

/*
 * Returns whether it is this command, or one of the programs of the rules that has called it, or
 * was started by such a one.  Others, such as an idle daemon, may run for long.
 */
static bool transient(const struct scanner *scanner, const struct process *process, const char *exe)
{
	struct proc_stat stat;

	if (process->pid == scanner->options->self)
		return true;
	if (!scanner->options->self || !rules_find(scanner->rules, RULE_PROGRAM, exe))
		return false;
	return is_ancestor(scanner, process->pid) ||
	       (read_stat(scanner, process->pid, &stat) && is_ancestor(scanner, stat.ppid));
}

static void scan_count_hidden(struct scan *scan, unsigned count, int pid)
{
	scan->unreadable += count;
	if (count && (!scan->hidden || pid < scan->hidden))
		scan->hidden = pid;
}

/* Returns whether a process that may not be examined may have mapped files, unlike kernel threads
 * and zombies. */
static bool is_hidden(const struct scanner *scanner, int pid, int error)
{
	struct proc_stat stat;

	return (error == EACCES || error == EPERM) && read_stat(scanner, pid, &stat) &&
	       !stat.kernel_thread && !stat.ended;
}

/*
 * Reads the name, parent and owner of a process.  Returns false if it is not the process whose
 * files were read, since another one with its id started after the scan began.
 */
static bool identify(const struct scanner *scanner, const struct view *view, const char *exe,
		     struct process *process)
{
	bool script = !view->jail && rules_find(scanner->rules, RULE_INTERPRETER, exe);
	const char *library = script || view->jail ? NULL : embedded_interpreter(process);
	struct proc_stat stat;

	if (!process->nr_stale && !process->nr_temporary && !script && !library &&
	    !scanner->options->owners && process->pid != 1)
		return true;
	if (!read_stat(scanner, process->pid, &stat) || stat.start > scanner->now)
		return false;
	memcpy(process->comm, stat.comm, sizeof(process->comm));
	process->ppid = stat.ppid;
	if (script)
		check_script(scanner, view, exe, process, stat.start);
	else if (library)
		check_embedded(scanner, library, process, stat.start);
	if (process->nr_stale || process->nr_temporary || scanner->options->owners)
		read_owner(scanner, process);
	/*
	 * In a chroot or container, what runs beside this command is part of its job, such as tee.
	 */
	return !scanner->session || stat.session != scanner->session ||
	       (process->owner.kind != OWNER_NONE && !scanner->chroot);
}

/* Returns false if nothing is known of the process: it has ended, or may not be examined. */
static bool scan_process(struct scanner *scanner, struct process *process)
{
	char exe[4096 + 16];

	/* Kernel threads and processes that have ended have no program. */
	if (!read_exe(scanner, process->pid, exe, sizeof(exe))) {
		bool hidden = is_hidden(scanner, process->pid, errno);

		scanner->found.seen += hidden;
		scan_count_hidden(&scanner->found, hidden, process->pid);
		return false;
	}
	scanner->found.seen++;

	const struct view *view = views_of(scanner->views, process->pid);

	if (!view) {
		scan_count_hidden(&scanner->found, errno == EACCES || errno == EPERM, process->pid);
		return false;
	}
	process->foreign = view->foreign;
	if (process->foreign && !scanner->options->containers)
		return true;
	if (transient(scanner, process, exe))
		return false;

	int error = read_maps(scanner, view, process);

	if (error) {
		scan_count_hidden(&scanner->found, error == -EACCES || error == -EPERM,
				  process->pid);
		return false;
	}
	return identify(scanner, view, exe, process);
}

/* Returns the ticks since the boot; in an artificial tree, all processes started long ago. */
static uint64_t ticks_since_boot(const struct root *root)
{
	struct timespec ts;

	if (!root_is_machine(root) || clock_gettime(CLOCK_BOOTTIME, &ts) < 0)
		return UINT64_MAX;
	return (ts.tv_sec + ts.tv_nsec / 1e9) * sysconf(_SC_CLK_TCK);
}

static int compare_numbers(const void *a, const void *b)
{
	const struct process *x = a, *y = b;

	return (x->pid > y->pid) - (x->pid < y->pid);
}

static int session_of(const struct scanner *scanner, int pid)
{
	struct proc_stat stat;

	return pid && read_stat(scanner, pid, &stat) ? stat.session : 0;
}

/* Lists the processes above the command, without process 1, whose children are anybody's. */
static void list_ancestors(struct scanner *scanner, int pid)
{
	struct proc_stat stat;

	for (size_t i = 0; pid && i < MAX_ANCESTORS && read_stat(scanner, pid, &stat); i++) {
		if (stat.ppid <= 1)
			return;
		scanner->ancestors[i] = pid = stat.ppid;
	}
}

struct pid_vec VEC(int);

static struct err *list_processes(const struct root *root, struct pid_vec *pids)
{
	scope_str_vec names = {};

	err_try(root_list(root, "/proc", &names));
	vec_foreach(&names, name) {
		char *end;
		long pid = strtol(*name, &end, 10);

		if (**name >= '1' && **name <= '9' && !*end && pid <= INT32_MAX)
			vec_push(pids, (int)pid);
	}
	return NULL;
}

/* The threads take process ids from this list, and share nothing else but views and files. */
struct crew {
	struct pid_vec pids;
	atomic_size_t next;
	struct scanner scanners[MAX_THREADS];
};

struct crew_member {
	struct crew *crew;
	struct scanner *scanner;
	pthread_t thread;
	bool started;
};

static void *scan_some(void *data)
{
	struct crew_member *member = data;
	struct scanner *scanner = member->scanner;
	scope_free uint8_t *buffer = xmalloc(MAPS_BUFFER);
	scope_free struct recent_files *recent = xcalloc(1, sizeof(*recent));
	size_t at;

	scanner->buffer = buffer;
	scanner->recent = recent;
	while (!interrupt_pending() &&
	       (at = atomic_fetch_add(&member->crew->next, 1)) < member->crew->pids.len) {
		struct process process = {.pid = member->crew->pids.data[at]};

		if (scan_process(scanner, &process))
			vec_push(&scanner->found.processes, process);
		else
			process_free(&process);
	}
	return NULL;
}

static void take_results(struct scan *found, struct scan *scan)
{
	vec_foreach(&found->processes, it)
		vec_push(&scan->processes, *it);
	vec_free(&found->processes);
	scan->seen += found->seen;
	scan_count_hidden(scan, found->unreadable, found->hidden);
}

/* The calling thread scans, too; alone if there is one processor or no thread can be started. */
static struct err *scan_all(struct crew *crew, const struct scanner *pattern, unsigned threads,
			    struct scan *scan)
{
	struct crew_member members[MAX_THREADS];

	for (unsigned i = 0; i < threads; i++) {
		crew->scanners[i] = *pattern;
		members[i] = (struct crew_member){.crew = crew, .scanner = &crew->scanners[i]};
		members[i].started =
			i && !pthread_create(&members[i].thread, NULL, scan_some, &members[i]);
	}
	scan_some(&members[0]);
	for (unsigned i = 0; i < threads; i++) {
		if (members[i].started)
			pthread_join(members[i].thread, NULL);
		take_results(&crew->scanners[i].found, scan);
	}
	if (scan->processes.len)
		qsort(scan->processes.data, scan->processes.len, sizeof(*scan->processes.data),
		      compare_numbers);
	return interrupt_pending() ? interrupt_error() : NULL;
}

static unsigned threads_for(const struct root *root, size_t processes)
{
	size_t threads = root_is_machine(root) ? processes / THREAD_PROCESSES + 1 : 1;
	unsigned cpus = proc_cpus();

	if (threads > MAX_THREADS)
		threads = MAX_THREADS;
	return threads < cpus ? threads : cpus;
}

struct err *scan_processes(const struct root *root, const struct rules *rules,
			   const struct scan_options *options, struct scan *scan)
{
	scope_close int proc = root_openat(root, "/proc", O_RDONLY | O_DIRECTORY, 0);
	struct crew crew = {};
	struct scanner pattern = {
		.root = root,
		.rules = rules,
		.options = options,
		.proc = proc,
		.boot = boot_time_read(root),
		.ticks = sysconf(_SC_CLK_TCK),
		.now = ticks_since_boot(root),
	};

	if (proc < 0)
		return err_errno(-proc, "/proc");
	pattern.session = session_of(&pattern, options->self);
	list_ancestors(&pattern, options->self);
	scan->chroot = pattern.chroot = chroot_is_entered(root);
	scan->files = pattern.files = scan_files_new(rules, proc);

	struct err *err = views_new(root, proc, &pattern.views);

	if (!err)
		err = list_processes(root, &crew.pids);
	if (!err)
		err = scan_all(&crew, &pattern, threads_for(root, crew.pids.len), scan);
	views_free(pattern.views);
	vec_free(&crew.pids);
	return err;
}

void scan_free(struct scan *scan)
{
	vec_foreach(&scan->processes, process)
		process_free(process);
	vec_free(&scan->processes);
	str_vec_free(&scan->unknown);
	scan_files_free(scan->files);
	*scan = (struct scan){};
}
