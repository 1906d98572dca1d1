/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Updates as dnf sees them: with Suture's plugin whole, without it by name only. */
#include <stdlib.h>
#include <string.h>

#include "advise/transaction.h"
#include "advise/updates.h"
#include "base/proc.h"
#include "base/strbuf.h"

#define DNF_TIMEOUT_MS 300000

static const char *const plain_env[] = {"LC_ALL=C", "LANGUAGE", NULL};

/* "name.arch  version  repository"; what follows "Obsoleting Packages" is no update. */
static bool parse_line(const char *line, struct advise_update_vec *updates)
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

void updates_parse_check_update(const char *text, struct advise_update_vec *updates)
{
	bool going = true;

	while (*text && going) {
		size_t len = strcspn(text, "\n");
		scope_free char *line = xstrndup(text, len);

		going = parse_line(line, updates);
		text += len + (text[len] == '\n');
	}
}

static struct err *run(const char *const *argv, int *status, struct strbuf *output)
{
	return proc_run(
		&(struct proc_spec){.argv = argv, .env = plain_env, .timeout_ms = DNF_TIMEOUT_MS},
		status, output);
}

struct err *updates_ask_dnf(struct advise_update_vec *updates)
{
	static const char *const with_plugin[] = {"dnf", "-q", "suture-pending", NULL};
	static const char *const without[] = {"dnf", "-q", "check-update", NULL};
	scope_strbuf output = STRBUF_INIT;
	int status;

	err_try(run(with_plugin, &status, &output));

	/* Warnings may stand before it: standard error is captured with it. */
	const char *json = strstr(output.buf, "{\"suture\"");

	if (!status && json)
		return transaction_parse(json, strlen(json), updates);
	strbuf_reset(&output);
	err_try(run(without, &status, &output));
	if (status != 0 && status != 100) {
		scope_strbuf last = STRBUF_INIT;

		proc_last_lines(output.buf, 2, &last);
		return err_new("dnf check-update: exit status %d: %s", status, last.buf);
	}
	if (status == 100)
		updates_parse_check_update(output.buf, updates);
	return NULL;
}
