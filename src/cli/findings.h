/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints findings on a terminal. */
#ifndef SUTURE_CLI_FINDINGS_H
#define SUTURE_CLI_FINDINGS_H

#include <stdio.h>

#include "finding/finding.h"

/*
 * Prints each finding as compilers do, "fs/pipe.c:514: refuse: pipe_read: message [rule]", with its
 * remedy below. Findings below severity least are left out; the most severe come last, where a
 * terminal shows them.
 */
void findings_print(FILE *out, const struct finding_vec *findings, enum severity least);

#endif
