/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How findings are shown on a terminal. */
#ifndef SUTURE_CLI_FINDINGS_H
#define SUTURE_CLI_FINDINGS_H

#include <stdio.h>

#include "finding/finding.h"

/*
 * A line a finding in the form of compilers' messages, "fs/pipe.c:514: refuse: pipe_read: message
 * [rule]", its remedy below it.  Those that weigh less than least are left out; those that weigh
 * most stand last, where a terminal shows them.
 */
void findings_print(FILE *out, const struct finding_vec *findings, enum severity least);

#endif
