/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Starts commands of this program in a transient scope of systemd, or under an inhibitor of it. */
#include "auto/command.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/json.h"
#include "base/path.h"
#include "base/proc.h"
#include "base/strbuf.h"
#include "base/tempdir.h"

#define SCOPE_UNIT "--unit=suture-auto-work"
#define PROGRAM_TIMEOUT_MS 60000

static void command_add(struct str_vec *argv, const char *word)
{
	vec_push(argv, xstrdup(word));
}

/*
 * The scope has a fixed name, so that there is never more than one.  The weights let everything
 * else on the machine go first; the quotas hold even if nothing else wants to run.
 */
static struct err *command_limit(const struct auto_policy *limits, struct str_vec *argv)
{
	static const char *const words[] = {"systemd-run",
					    "--scope",
					    "--quiet",
					    "--collect",
					    SCOPE_UNIT,
					    "--property=CPUWeight=1",
					    "--property=IOWeight=1"};

	if (limits->max_cpu || limits->max_memory) {
		if (!dir_exists("/run/systemd/system"))
			return err_new(
				"max-cpu and max-memory need systemd, which does not run here; a policy without these limits has 'unlimited' for both");
		for (size_t i = 0; i < array_size(words); i++)
			command_add(argv, words[i]);
		if (limits->max_cpu)
			vec_push(argv, xasprintf("--property=CPUQuota=%u%%", limits->max_cpu));
		if (limits->max_memory) {
			vec_push(argv, xasprintf("--property=MemoryMax=%llu",
						 (unsigned long long)limits->max_memory));
			command_add(argv, "--property=MemorySwapMax=0");
		}
		command_add(argv, "--");
	}
	command_add(argv, "nice");
	command_add(argv, "-n19");
	return NULL;
}

/* Without logind nobody shuts the machine down by way of it, and no inhibitor is needed. */
static void command_inhibit(const char *why, struct str_vec *argv)
{
	scope_free char *program = proc_find("systemd-inhibit");

	if (!program || !dir_exists("/run/systemd/seats"))
		return;
	command_add(argv, program);
	command_add(argv, "--what=shutdown:sleep");
	command_add(argv, "--who=suture");
	command_add(argv, "--mode=block");
	vec_push(argv, xasprintf("--why=%s", why));
	command_add(argv, "--");
}

static struct err *command_read(const char *name, const char *text, int status, json_t **answer)
{
	scope_json object = json_loads(text, 0, NULL);
	const json_t *error = object ? json_object_get(object, "error") : NULL;
	const char *message = error ? json_string_value(json_object_get(error, "message")) : NULL;
	int code = error ? (int)json_integer_value(json_object_get(error, "code")) : 0;

	if (message)
		return err_code_new(code == ERR_REFUSED ? ERR_REFUSED : ERR_FAILED, "suture %s: %s",
				    name, message);
	if (!json_is_object(object))
		return err_new("suture %s ended with status %d and without an answer", name,
			       status);
	*answer = take_ptr(object);
	return NULL;
}

/*
 * Returns the path of this program, free(): the file that runs, unless that is the dynamic loader,
 * which was told to run it.
 */
static char *command_self(void)
{
	char self[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (len < 0)
		return proc_find("suture");
	self[len] = '\0';
	return str_starts(path_base(self), "ld-") ? proc_find("suture") : xstrdup(self);
}

struct err *auto_command_run(const struct auto_command *command, json_t **answer, int *status)
{
	scope_str_vec argv = {};
	scope_strbuf output = STRBUF_INIT, errors = STRBUF_INIT, last = STRBUF_INIT;
	scope_free char *self = command_self();

	*answer = NULL;
	if (!self)
		return err_new("the path of this program cannot be found");
	if (command->limits)
		err_try(command_limit(command->limits, &argv));
	if (command->inhibit)
		command_inhibit(command->inhibit, &argv);
	command_add(&argv, self);
	command_add(&argv, "--json");
	command_add(&argv, "--quiet");
	for (const char *const *arg = command->args; *arg; arg++)
		command_add(&argv, *arg);
	vec_push(&argv, NULL);
	err_try(proc_run(
		&(struct proc_spec){.argv = (const char *const *)argv.data, .errors = &errors},
		status, &output));

	struct err *err = command_read(command->args[0], output.buf, *status, answer);

	if (!err || json_is_object(*answer) || !errors.len)
		return err;
	proc_last_lines(errors.buf, 2, &last);
	return err_wrap(err, "%s", last.buf);
}

struct err *auto_program_run(const char *path, const char *input)
{
	const char *const argv[] = {"/bin/sh", "-c", "exec \"$1\" <input", "sh", path, NULL};
	scope_strbuf output = STRBUF_INIT;
	scope_dir_temp dir = NULL;

	err_try(dir_temp(dir_for_temp(), "suture-auto", &dir));

	scope_free char *file = xasprintf("%s/input", dir);

	err_try(file_write_scratch(file, input, strlen(input)));
	return proc_check(&(struct proc_spec){.argv = argv,
					      .cwd = dir,
					      .timeout_ms = PROGRAM_TIMEOUT_MS,
					      .output_max = 4096},
			  &output);
}
