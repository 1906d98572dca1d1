/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks the dynamic loader whether the kernel's build tools would start on this host. */
#include "target/tools.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/proc.h"
#include "base/strbuf.h"

#define TOOL_TIMEOUT_MS 10000

bool tools_is_dynamic(const char *path)
{
	static const char magic[] = "\177ELF\002\001", loader[] = "ld-linux-x86-64.so.2";
	scope_file_map map = {};
	struct err *err = file_map(path, &map);
	struct bytes bytes = map.bytes;

	if (err) {
		err_free(err);
		return false;
	}
	return bytes.size > sizeof(magic) && !memcmp(bytes.data, magic, strlen(magic)) &&
	       memmem(bytes.data, bytes.size < 4096 ? bytes.size : 4096, loader, strlen(loader));
}

/* With this variable, the loader lists a program's libraries instead of starting it: ld.so(8). */
static struct err *tools_ask_loader(const char *path, char **problem)
{
	static const char *const env[] = {"LD_TRACE_LOADED_OBJECTS=1", "LC_ALL=C", NULL};
	const char *const argv[] = {path, NULL};
	scope_strbuf output = STRBUF_INIT;
	char *save = NULL;
	int status;

	err_try(proc_run(
		&(struct proc_spec){.argv = argv, .env = env, .timeout_ms = TOOL_TIMEOUT_MS},
		&status, &output));
	for (const char *line = strtok_r(output.buf, "\n", &save); line && !*problem;
	     line = strtok_r(NULL, "\n", &save))
		if (strstr(line, "not found"))
			*problem = str_starts(line, "/")
					   ? xstrdup(line)
					   : xasprintf("%s: %s", path, line + strspn(line, " \t"));
	return NULL;
}

struct err *tools_each(const char *folder, tools_visit *visit, void *ctx)
{
	DIR *dir = opendir(folder);
	struct err *err = NULL;

	if (!dir)
		return NULL;
	for (struct dirent *entry; !err && (entry = readdir(dir));) {
		scope_free char *path = xasprintf("%s/%s", folder, entry->d_name);
		struct stat st;

		if (*entry->d_name == '.' || str_ends(entry->d_name, TOOLS_ADOPTED) ||
		    lstat(path, &st))
			continue;
		if (S_ISDIR(st.st_mode))
			err = tools_each(path, visit, ctx);
		else if (S_ISREG(st.st_mode) && st.st_mode & 0100)
			err = visit(ctx, path);
	}
	closedir(dir);
	return err;
}

/* Keeps the first problem and ignores others. */
static struct err *tools_note_problem(void *ctx, const char *path)
{
	char **problem = ctx;

	return *problem || !tools_is_dynamic(path) ? NULL : tools_ask_loader(path, problem);
}

struct err *tools_problem(const char *dir, const char *const *folders, char **problem)
{
	*problem = NULL;
	for (; *folders && !*problem; folders++) {
		scope_free char *folder = xasprintf("%s/%s", dir, *folders);

		err_try(tools_each(folder, tools_note_problem, problem));
	}
	return NULL;
}
