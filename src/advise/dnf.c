/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks dnf for pending updates: Suture's plugin gives all details, dnf itself only names. */
#include <stdlib.h>
#include <string.h>

#include "advise/transaction.h"
#include "advise/dnf.h"
#include "base/locale.h"
#include "base/proc.h"
#include "base/strbuf.h"

#define DNF_TIMEOUT_MS 300000

/* Parses "name.arch  version  repository"; returns false at "Obsoleting Packages", the end. */
static bool dnf_parse_line(const char *line, struct advise_update_vec *updates)
{
	size_t name = strcspn(line, " \t");
	const char *version = line + name + strspn(line + name, " \t");
	size_t version_len = strcspn(version, " \t");
	const char *dot = memrchr(line, '.', name);

	if (str_starts(line, "Obsoleting"))
		return false;
	if (!dot || !version_len || *line == ' ' || !version[version_len])
		return true;
	vec_push(updates, (struct advise_update){
				  .package = xstrndup(line, dot - line),
				  .arch = xstrndup(dot + 1, line + name - dot - 1),
				  .from = xstrdup(""),
				  .to = xstrndup(version, version_len),
			  });
	return true;
}

void advise_dnf_parse_check_update(const char *text, struct advise_update_vec *updates)
{
	bool going = true;

	while (*text && going) {
		size_t len = strcspn(text, "\n");
		scope_free char *line = xstrndup(text, len);

		going = dnf_parse_line(line, updates);
		text += len + (text[len] == '\n');
	}
}

/* Runs dnf; errors gets what it writes to stderr, which must not mix with the list on stdout. */
static struct err *dnf_run(const char *const *argv, int *status, struct strbuf *output,
			   struct strbuf *errors)
{
	return proc_run(&(struct proc_spec){.argv = argv,
					    .env = locale_c_env,
					    .timeout_ms = DNF_TIMEOUT_MS,
					    .errors = errors},
			status, output);
}

/* Describes a failure, such as "exit status 1: No such command". */
static void tell_failure(int status, const struct strbuf *errors, const struct strbuf *output,
			 struct strbuf *why)
{
	scope_strbuf last = STRBUF_INIT;

	proc_last_lines(errors->len ? errors->buf : output->buf, 2, &last);
	strbuf_addf(why, "exit status %d%s%s", status, last.len ? ": " : "", last.buf);
}

/* Finds the plugin's line, as other plugins may have written lines around it. */
static const char *find_answer(const struct strbuf *output, size_t *size)
{
	static const char start[] = "{\"suture\"";
	const char *line = output->buf;

	while (!str_starts(line, start)) {
		line += strcspn(line, "\n");
		if (!*line++)
			return NULL;
	}
	*size = strcspn(line, "\n");
	return line;
}

struct err *advise_dnf_read_plugin(int status, const struct strbuf *output,
				   const struct strbuf *errors, struct advise_update_vec *updates)
{
	size_t size = 0;
	const char *answer = status ? NULL : find_answer(output, &size);
	scope_strbuf why = STRBUF_INIT;

	if (answer)
		return transaction_parse(answer, size, updates);
	tell_failure(status, errors, output, &why);
	return err_new("%s", why.buf);
}

static struct err *ask_plugin(struct advise_update_vec *updates)
{
	static const char *const argv[] = {"dnf", "-q", "suture-pending", NULL};
	scope_strbuf output = STRBUF_INIT, errors = STRBUF_INIT;
	int status;

	err_try(dnf_run(argv, &status, &output, &errors));
	return advise_dnf_read_plugin(status, &output, &errors, updates);
}

static struct err *ask_by_name(struct advise_update_vec *updates)
{
	static const char *const argv[] = {"dnf", "-q", "check-update", NULL};
	scope_strbuf output = STRBUF_INIT, errors = STRBUF_INIT, why = STRBUF_INIT;
	int status;

	err_try(dnf_run(argv, &status, &output, &errors));
	if (status == 100)
		advise_dnf_parse_check_update(output.buf, updates);
	if (!status || status == 100)
		return NULL;
	tell_failure(status, &errors, &output, &why);
	return err_new("dnf check-update: %s", why.buf);
}

struct err *advise_dnf_ask(struct advise_update_vec *updates, struct str_vec *notes)
{
	struct err *err = ask_plugin(updates);

	if (!err)
		return NULL;
	vec_push(notes,
		 xasprintf("the advisories of the updates are unknown: dnf suture-pending: %s",
			   err_message(err)));
	err_free(err);
	return ask_by_name(updates);
}
