/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The .mk files of this folder, which are part of the program. */
#ifndef SUTURE_KBUILD_SCRIPTS_H
#define SUTURE_KBUILD_SCRIPTS_H

extern const char kbuild_script_walk[];	  /* lists the objects that there are */
extern const char kbuild_script_query[];  /* asks how units are compiled */
extern const char kbuild_script_export[]; /* asks what the top Makefile exports */

#endif
