/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Metrics in the text format of Prometheus. */
#ifndef SUTURE_CLI_METRICS_H
#define SUTURE_CLI_METRICS_H

#include "base/strbuf.h"
#include "cli/cli.h"

/* Adds the lines that introduce a metric; help has no characters that the format would escape. */
void metrics_add_head(struct strbuf *out, const char *name, const char *help);

/* Adds a metric without labels. A whole number is written as such up to 15 digits. */
void metrics_add(struct strbuf *out, const char *name, const char *help, double value);

/* Adds name="value", for the braces that follow a metric's name. */
void metrics_add_label(struct strbuf *out, const char *name, const char *value);

/*
 * Writes metrics to the file of --prometheus, whole or not at all, or to standard output for "-".
 * Says so if node_exporter would not read a file of that name.
 */
struct err *metrics_write(const struct cli *cli, const char *path, const struct strbuf *text);

#endif
