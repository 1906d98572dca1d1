/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shows the result of `suture advise` to people. */
#ifndef SUTURE_CLI_ADVISE_TEXT_H
#define SUTURE_CLI_ADVISE_TEXT_H

#include "advise/advise.h"
#include "base/strbuf.h"

/* "restart 2 services", "reboot": what a verdict of this advice asks for; free(). */
char *cli_advise_phrase(const struct advice *advice, enum advise_verdict verdict, bool pending);

/* One screen; rows that would not fit are counted unless all is set. */
void cli_advise_text(const struct advice *advice, bool all, struct strbuf *out);

/* One to three lines for a log-in message; nothing when nothing is to be done. */
void cli_advise_motd(const struct advice *advice, struct strbuf *out);

#endif
