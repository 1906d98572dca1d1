/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compiles the part that all live patches of a kernel have in common: glue/glue.c. */
#include "klp/glue.h"

#include "base/alloc.h"
#include "base/embed.h"
#include "base/tempdir.h"
#include "kbuild/kbuild.h"

EMBED(glue_layout_text, "src/klp/glue/layout.h");
EMBED(glue_code_text, "src/klp/glue/glue.c");

struct err *glue_compile(const struct target *target, enum sandbox_kind sandbox,
			 struct progress *progress, struct elf_object **glue)
{
	scope_dir_temp dir = NULL;
	scope_free char *text = xasprintf("%s%s", glue_layout_text, glue_code_text);

	err_try(dir_temp(dir_for_temp(), "suture-glue", &dir));

	scope_free char *path = xasprintf("%s/" GLUE_NAME ".ko", dir);

	err_try(kbuild_module(target, sandbox, progress, GLUE_NAME, text, path));
	return elf_object_open(path, glue);
}
