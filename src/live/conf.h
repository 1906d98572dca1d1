/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the administrator's settings: /etc/suture/suture.conf and /etc/suture/conf.d/. */
#ifndef SUTURE_LIVE_CONF_H
#define SUTURE_LIVE_CONF_H

#include "base/err.h"
#include "base/root.h"

/* What to do with a module whose trial in a virtual machine is not attested. */
enum live_tested { LIVE_TESTED_NO, LIVE_TESTED_WARN, LIVE_TESTED_YES };

/* What to do with the live patch of a package that is installed or upgraded. */
enum live_packages {
	LIVE_PACKAGES_NO,   /* nothing: the files only lie on the disk */
	LIVE_PACKAGES_BOOT, /* load it at each boot of its kernel */
	LIVE_PACKAGES_NOW,  /* load it at once if its kernel runs, and at each boot of that */
};

struct live_conf {
	enum live_tested require_tested;
	enum live_packages load_packages;
};

/*
 * Reads the settings; without files, they are the defaults.  A line that is not valid is an error.
 */
struct err *live_conf_read(const struct root *root, struct live_conf *conf);

/*
 * Parses and modifies the text of one file; file is its name for messages. Fuzzing enters here,
 * since live_conf_read() takes no text.
 */
struct err *live_conf_parse(const char *file, char *text, struct live_conf *conf);

#endif
