/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What package managers tell their hooks. */
#ifndef SUTURE_ADVISE_TRANSACTION_H
#define SUTURE_ADVISE_TRANSACTION_H

#include <jansson.h>

#include "advise/advise.h"

/*
 * A whole transaction: apt's DPkg::Pre-Install-Pkgs in version 2 or 3 ("VERSION 3", options, an
 * empty line, a line a package; apt.conf(5)), or the JSON object of Suture's dnf plugin:
 * {"suture": 1, "updates": [{"package", "arch", "from", "to", "cves": [], "reboot"}]}.
 */
struct err *transaction_parse(const char *text, size_t size, struct advise_update_vec *updates);

/* The parameters of an org.debian.apt.hooks.install.* call (apt: README.json-hooks). */
void transaction_from_apt_json(const json_t *params, struct advise_update_vec *updates);

#endif
