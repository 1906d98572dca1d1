/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes metrics, one by one and as a file, for the commands that node_exporter's textfile
 * collector reads. */
#include "cli/metrics.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/printable.h"

void metrics_add_head(struct strbuf *out, const char *name, const char *help)
{
	strbuf_addf(out, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

void metrics_add(struct strbuf *out, const char *name, const char *help, double value)
{
	metrics_add_head(out, name, help);
	strbuf_addf(out, "%s %.15g\n", name, value);
}

/*
 * The format escapes quotes, backslashes and newlines; text_printable() has already replaced
 * newlines, other control characters and what is not UTF-8.
 */
void metrics_add_label(struct strbuf *out, const char *name, const char *value)
{
	scope_free char *safe = text_printable(value);

	strbuf_addf(out, "%s=\"", name);
	for (const char *c = safe; *c; c++) {
		if (*c == '"' || *c == '\\')
			strbuf_addch(out, '\\');
		strbuf_addch(out, *c);
	}
	strbuf_addch(out, '"');
}

struct err *metrics_write(const struct cli *cli, const char *path, const struct strbuf *text)
{
	if (!strcmp(path, "-")) {
		if (cli->json)
			return err_code_new(
				ERR_USAGE,
				"--prometheus - and --json: only one of them can be printed on standard output");
		cli_block(stdout, text->buf);
		return NULL;
	}
	err_try(file_write(path, text->buf, text->len));
	if (!str_ends(path, ".prom") && cli->verbosity >= 0)
		cli_fprintf(stderr, "%s: node_exporter reads only files whose names end in .prom\n",
			    path);
	return NULL;
}
