/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parses what package managers tell their hooks. */
#ifndef SUTURE_ADVISE_TRANSACTION_H
#define SUTURE_ADVISE_TRANSACTION_H

#include <jansson.h>

#include "advise/advise.h"

/*
 * Parses a whole transaction: apt's DPkg::Pre-Install-Pkgs in version 2 or 3 ("VERSION 3", options,
 * an empty line, a line for each package; apt.conf(5)), or the JSON object of Suture's dnf plugin:
 * {"suture": 1, "updates": [{"package", "arch", "from", "to", "cves": [], "reboot"}]}.
 */
struct err *transaction_parse(const char *text, size_t size, struct advise_update_vec *updates);

/* Appends the updates in the parameters of a call org.debian.apt.hooks.install.* (apt's
 * README.json-hooks). */
void transaction_from_apt_json(const json_t *params, struct advise_update_vec *updates);

#endif
