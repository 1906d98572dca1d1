/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sandboxes for child processes: finds which kinds work here, what each one allows, and enters one.
 *
 * The parent prepares all that needs memory: the list of paths, and a Landlock ruleset, which many
 * children then share. The child only makes system calls.
 */
#include "base/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <linux/capability.h>
#include <linux/sched.h> /* struct clone_args */
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/landlock.h"
#include "base/mounts.h"
#include "base/sandbox_path.h"
#include "base/seccomp.h"
#include "base/strbuf.h"
#include "base/tempdir.h"

struct sandbox {
	enum sandbox_kind kind;
	struct sandbox_path_vec paths; /* sorted, so that a folder comes before its contents */
	int ruleset;		       /* Landlock ruleset, or -1 */
	bool root;		       /* whether root started this program */
	char *proc;		       /* a folder in place of /proc, or NULL */
	/* These are the lines to write to /proc/self/uid_map and gid_map. */
	char *uid_map, *gid_map;
};

/*
 * Patterns for programs, compilers' own folders and headers, shared libraries and the modules of
 * perl. A compiler does not need the rest of /usr, and a patch could have that copied into the
 * module.
 */
static const char *const system_patterns[] = {
	"/usr/bin",
	"/usr/sbin",
	"/usr/lib/gcc",
	"/usr/lib/gcc-cross",
	"/usr/lib/clang",
	"/usr/lib/llvm-*",
	"/usr/lib/bfd-plugins",
	"/usr/lib/*-linux-gnu*",
	"/usr/lib/*.so*",
	"/usr/lib32",
	"/usr/lib64",
	"/usr/libx32",
	"/usr/libexec/gcc",
	"/usr/libexec/gcc-cross",
	"/usr/include",
	"/usr/local/include",
	"/usr/share/perl",
	"/usr/share/perl5",
	"/usr/local/bin",
	"/usr/local/lib",
	"/usr/local/libexec",
	"/bin",
	"/sbin",
	"/lib/*-linux-gnu*",
	"/lib/*.so*",
	"/lib32",
	"/lib64",
	"/libx32",
	"/etc/alternatives",
	"/etc/ld.so.cache",
	"/etc/ld.so.preload",
};

/* Where these are links into /usr, only names that go through them have to work. */
static const char *const system_links[] = {"/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"};

static const struct {
	int resource;
	rlim_t limit;
} sandbox_limits[] = {
	{RLIMIT_AS, SANDBOX_MEMORY_BYTES},
	{RLIMIT_CPU, SANDBOX_CPU_SECONDS},
	{RLIMIT_FSIZE, SANDBOX_FILE_BYTES},
	{RLIMIT_CORE, 0},
};

static int sandbox_compare_paths(const void *a, const void *b)
{
	return strcmp(((const struct sandbox_path *)a)->path,
		      ((const struct sandbox_path *)b)->path);
}

/* For a new root, links such as /bin stay links; Landlock needs what they lead to. */
static void sandbox_add_path(struct sandbox *sandbox, const char *path, bool write)
{
	struct sandbox_path entry = {.write = write};
	char target[PATH_MAX];
	struct stat st;
	ssize_t len;

	if (stat(path, &st) < 0)
		return;
	entry.is_dir = S_ISDIR(st.st_mode);
	entry.path = xstrdup(path);
	len = readlink(path, target, sizeof(target));
	if (len > 0 && len < (ssize_t)sizeof(target))
		entry.link = xstrndup(target, len);
	vec_push(&sandbox->paths, entry);
}

/*
 * objtool since Linux 6.19 gives up where it cannot read its own /proc/self/maps (tools/objtool/
 * signal.c), from which it learns where a stack overflow would be.  The real /proc shows other
 * processes, so a folder with this one file is shown in its place.
 */
static struct err *sandbox_add_proc(struct sandbox *sandbox)
{
	static const char maps[] = "7ffffffde000-7ffffffff000 rw-p 00000000 00:00 0 [stack]\n";
	struct sandbox_path entry = {.is_dir = true};

	err_try(dir_temp(dir_for_temp(), "suture-proc", &sandbox->proc));

	scope_free char *self = xasprintf("%s/self", sandbox->proc);
	scope_free char *file = xasprintf("%s/maps", self);

	err_try(dir_make(self));
	err_try(file_write_scratch(file, maps, strlen(maps)));
	entry.path = xstrdup("/proc");
	entry.from = xstrdup(sandbox->proc);
	vec_push(&sandbox->paths, entry);
	return NULL;
}

static bool is_link(const char *path)
{
	struct stat st;

	return !lstat(path, &st) && S_ISLNK(st.st_mode);
}

static bool is_below_system_link(const char *path)
{
	for (size_t i = 0; i < array_size(system_links); i++) {
		size_t len = strlen(system_links[i]);

		if (!strncmp(path, system_links[i], len) && (path[len] == '/' || !path[len]) &&
		    is_link(system_links[i]))
			return true;
	}
	return false;
}

static void sandbox_add_system(struct sandbox *sandbox)
{
	for (size_t i = 0; i < array_size(system_patterns); i++) {
		glob_t found = {};

		if (!is_below_system_link(system_patterns[i]) &&
		    !glob(system_patterns[i], GLOB_NOSORT, NULL, &found))
			for (size_t k = 0; k < found.gl_pathc; k++)
				sandbox_add_path(sandbox, found.gl_pathv[k], false);
		globfree(&found);
	}
	for (size_t i = 0; i < array_size(system_links); i++) {
		size_t before = sandbox->paths.len;

		if (is_link(system_links[i]))
			sandbox_add_path(sandbox, system_links[i], false);
		if (sandbox->paths.len > before)
			sandbox->paths.data[before].link_only = true;
	}
}

struct err *sandbox_new(enum sandbox_kind kind, const struct str_vec *read,
			const struct str_vec *write, struct sandbox **sandboxp)
{
	scope_sandbox sandbox = xcalloc(1, sizeof(*sandbox));

	sandbox->kind = kind;
	sandbox->ruleset = -1;
	sandbox->root = !geteuid();
	sandbox->uid_map = xasprintf("%u %u 1", geteuid(), geteuid());
	sandbox->gid_map = xasprintf("%u %u 1", getegid(), getegid());
	sandbox_add_system(sandbox);
	vec_foreach(read, it)
		sandbox_add_path(sandbox, *it, false);
	vec_foreach(write, it)
		sandbox_add_path(sandbox, *it, true);
	sandbox_add_path(sandbox, "/dev/null", true);
	if (sandbox_clone_flags(sandbox) & CLONE_NEWNS)
		err_try(sandbox_add_proc(sandbox));
	qsort(sandbox->paths.data, sandbox->paths.len, sizeof(*sandbox->paths.data),
	      sandbox_compare_paths);
	if (kind != SANDBOX_MOUNTS) {
		sandbox->ruleset = landlock_ruleset(&sandbox->paths);
		if (sandbox->ruleset < 0)
			return err_errno(errno, "the sandbox cannot be made");
	}
	*sandboxp = take_ptr(sandbox);
	return NULL;
}

void sandbox_free(struct sandbox *sandbox)
{
	if (!sandbox)
		return;
	vec_foreach(&sandbox->paths, it) {
		free(it->path);
		free(it->link);
		free(it->from);
	}
	dir_temp_cleanup(&sandbox->proc);
	vec_free(&sandbox->paths);
	closep(&sandbox->ruleset);
	free(sandbox->uid_map);
	free(sandbox->gid_map);
	free(sandbox);
}

void sandbox_freep(struct sandbox **sandboxp)
{
	sandbox_free(*sandboxp);
}

unsigned long sandbox_clone_flags(const struct sandbox *sandbox)
{
	if (!sandbox || sandbox->kind == SANDBOX_LANDLOCK)
		return 0;
	return CLONE_NEWPID | CLONE_NEWNS | (sandbox->root ? 0 : CLONE_NEWUSER);
}

/*
 * clone3(2) has no wrapper in the C library. That is safe here, since the child uses no state of
 * that library before it executes a program.
 */
pid_t sandbox_fork(const struct sandbox *sandbox)
{
	struct clone_args args = {.flags = sandbox_clone_flags(sandbox), .exit_signal = SIGCHLD};

	return args.flags ? (pid_t)syscall(SYS_clone3, &args, sizeof(args)) : fork();
}

/* ---- in the child ---- */

static bool sandbox_write(const char *path, const char *text)
{
	scope_close int fd = open(path, O_WRONLY | O_CLOEXEC);
	size_t len = strlen(text);

	return fd >= 0 && write(fd, text, len) == (ssize_t)len;
}

/* In a new user namespace, the child keeps its user and group, and no others are mapped. */
static bool map_user(const struct sandbox *sandbox)
{
	return sandbox_write("/proc/self/setgroups", "deny") &&
	       sandbox_write("/proc/self/uid_map", sandbox->uid_map) &&
	       sandbox_write("/proc/self/gid_map", sandbox->gid_map);
}

/* Root keeps the capability to read sources of other users, and nothing else. */
static bool drop_capabilities(bool root)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {};
	struct __user_cap_data_struct now[_LINUX_CAPABILITY_U32S_3] = {};
	uint32_t keep = root ? 1u << CAP_DAC_OVERRIDE | 1u << CAP_DAC_READ_SEARCH : 0;

	if (syscall(SYS_capget, &header, now) < 0)
		return false;
	data[0].effective = data[0].permitted = now[0].permitted & keep;
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	return !syscall(SYS_capset, &header, data);
}

/* Sets limits; a limit that is lower already is kept. */
static bool sandbox_set_limits(void)
{
	for (size_t i = 0; i < array_size(sandbox_limits); i++) {
		struct rlimit limit;

		if (getrlimit(sandbox_limits[i].resource, &limit) < 0)
			return false;
		if (limit.rlim_max > sandbox_limits[i].limit)
			limit.rlim_max = sandbox_limits[i].limit;
		if (limit.rlim_cur > limit.rlim_max)
			limit.rlim_cur = limit.rlim_max;
		if (setrlimit(sandbox_limits[i].resource, &limit) < 0)
			return false;
	}
	return true;
}

static bool enter_namespaces(const struct sandbox *sandbox)
{
	unsigned long flags = sandbox_clone_flags(sandbox);

	if ((flags & CLONE_NEWUSER) && !map_user(sandbox))
		return false;
	if (!(flags & CLONE_NEWNS))
		return true;
	return sandbox->kind == SANDBOX_MOUNTS ? mounts_enter_root(&sandbox->paths)
					       : mounts_make_read_only(&sandbox->paths);
}

bool sandbox_enter(const struct sandbox *sandbox)
{
	return enter_namespaces(sandbox) && sandbox_set_limits() &&
	       drop_capabilities(sandbox->root) && !prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) &&
	       (sandbox->ruleset < 0 || landlock_enter(sandbox->ruleset)) && seccomp_install();
}

/* ---- which kinds work ---- */

enum escape { ESCAPE_SETUP = 101, ESCAPE_READ, ESCAPE_WRITE, ESCAPE_SOCKET };

#define PROBE_STATUS 7

static bool sandbox_can_open(const char *path, int flags)
{
	scope_close int fd = open(path, flags | O_CLOEXEC, 0600);

	return fd >= 0;
}

/* Tries all that must be impossible, then runs a program, which must work. */
static _Noreturn void sandbox_probe_child(const struct sandbox *sandbox, int error_fd)
{
	if (!sandbox_enter(sandbox)) {
		int error = errno;

		_exit(write(error_fd, &error, sizeof(error)) < 0 ? ESCAPE_SETUP : ESCAPE_SETUP);
	}
	if (sandbox_can_open("/etc/passwd", O_RDONLY) ||
	    sandbox_can_open("/proc/self/status", O_RDONLY) ||
	    sandbox_can_open("/dev/zero", O_RDONLY) ||
	    sandbox_can_open("/", O_RDONLY | O_DIRECTORY))
		_exit(ESCAPE_READ);
	if (sandbox_can_open("/usr/lib", O_TMPFILE | O_WRONLY) ||
	    sandbox_can_open("/var", O_TMPFILE | O_WRONLY))
		_exit(ESCAPE_WRITE);
	if (socket(AF_INET, SOCK_STREAM, 0) >= 0 || socket(AF_UNIX, SOCK_STREAM, 0) >= 0)
		_exit(ESCAPE_SOCKET);
	execl("/bin/sh", "sh", "-c", "exit 7", NULL);
	_exit(ESCAPE_SETUP);
}

/* Returns NULL if the kind works, else why it does not; free(). */
static char *sandbox_probe(enum sandbox_kind kind)
{
	static const char *const escapes[] = {"files can be read", "files can be written",
					      "sockets can be opened"};
	const struct str_vec none = {};
	scope_sandbox sandbox = NULL;
	struct err *err = sandbox_new(kind, &none, &none, &sandbox);
	int error = 0, status = 0, ends[2];

	if (err || pipe2(ends, O_CLOEXEC) < 0) {
		char *why = xstrdup(err ? err_message(err) : strerror(errno));

		err_free(err);
		return why;
	}

	scope_close int reader = ends[0];
	pid_t pid = sandbox_fork(sandbox);

	if (!pid)
		sandbox_probe_child(sandbox, ends[1]);
	if (pid < 0)
		error = errno;
	close(ends[1]);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (pid < 0 || read(reader, &error, sizeof(error)) == sizeof(error))
		return xstrdup(strerror(error));
	if (WIFEXITED(status) && WEXITSTATUS(status) == PROBE_STATUS)
		return NULL;
	if (WIFEXITED(status) && WEXITSTATUS(status) >= ESCAPE_READ &&
	    WEXITSTATUS(status) <= ESCAPE_SOCKET)
		return xasprintf("%s in it", escapes[WEXITSTATUS(status) - ESCAPE_READ]);
	return xstrdup("programs do not run in it");
}

static const char *const kind_names[] = {
	[SANDBOX_NONE] = "none",
	[SANDBOX_LANDLOCK] = "Landlock",
	[SANDBOX_MOUNTS] = "mount namespace",
	[SANDBOX_LANDLOCK_NAMESPACES] = "Landlock with namespaces",
};

enum sandbox_kind sandbox_best(char **why)
{
	scope_strbuf all = STRBUF_INIT;

	if (why)
		*why = NULL;
	for (enum sandbox_kind kind = NR_SANDBOX_KINDS - 1; kind > SANDBOX_NONE; kind--) {
		scope_free char *reason = sandbox_probe(kind);

		if (!reason)
			return kind;
		strbuf_addf(&all, "%s%s: %s", all.len ? "; " : "", kind_names[kind], reason);
	}
	if (why)
		*why = strbuf_detach(&all);
	return SANDBOX_NONE;
}
