/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How "suture advise" shows its result: one file each. */
#ifndef SUTURE_CLI_ADVISE_VIEWS_H
#define SUTURE_CLI_ADVISE_VIEWS_H

#include <jansson.h>

#include "advise/advise.h"
#include "base/strbuf.h"
#include "cli/cli.h"

/* "restart 2 services", "reboot": what a verdict of this advice asks for; free(). */
char *advise_phrase(const struct advice *advice, enum advise_verdict verdict, bool pending);

/* One screen; rows that would not fit are counted unless all is set. */
void advise_text(const struct advice *advice, bool all, struct strbuf *out);

/* One to three lines for a log-in message; nothing when nothing is to be done. */
void advise_motd(const struct advice *advice, struct strbuf *out);

/* The members of the result, a new reference. */
json_t *advise_json(const struct advice *advice);

/* One line with performance data; *status is a plugin's: 0 OK, 1 warning, 2 critical, 3 unknown. */
void advise_nagios(const struct advice *advice, struct strbuf *out, int *status);

/* Writes the text format that the textfile collector of node_exporter reads. */
void advise_prometheus(const struct advice *advice, struct strbuf *out);

/*
 * Restarts the services that can be restarted safely, and reports that as text or JSON. Unless
 * really is set, it only reports what it would do. *status is 1 when a restart failed, and 104 when
 * not everything could be examined.
 */
struct err *advise_apply(const struct cli *cli, const struct advice *advice, bool really,
			 int *status);

/* Serves apt's hooks on the socket that APT_HOOK_SOCKET names. */
struct err *advise_hook_apt(const struct cli *cli, const struct root *root);

#endif
