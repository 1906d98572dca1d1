/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Gives functions that replace others names of their own in the module's symbol table. */
#ifndef SUTURE_KLP_NEW_NAME_H
#define SUTURE_KLP_NEW_NAME_H

/* What follows the name of the replaced function: "pipe_read.patched" in stack traces. */
#define KLP_NEW_SUFFIX ".patched"

struct klp_link_spec;
struct klp_symbol_map;

/*
 * Renames the replacements, their cold parts and their prefix symbols in spec->glue, to which all
 * parts must have been joined.
 */
void klp_name_replacements(const struct klp_link_spec *spec, const struct klp_symbol_map *map);

#endif
