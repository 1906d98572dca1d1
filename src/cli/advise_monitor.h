/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shows the result of `suture advise` to monitoring. */
#ifndef SUTURE_CLI_ADVISE_MONITOR_H
#define SUTURE_CLI_ADVISE_MONITOR_H

#include "advise/advise.h"
#include "base/strbuf.h"

/* One line with performance data; *status is a plugin's: 0 OK, 1 warning, 2 critical, 3 unknown. */
void cli_advise_nagios(const struct advice *advice, struct strbuf *out, int *status);

/* Writes the text format that the textfile collector of node_exporter reads. */
void cli_advise_prometheus(const struct advice *advice, struct strbuf *out);

#endif
