/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the linker of livepatch modules needs of a compiled glue, made by the tests. */
#ifndef SUTURE_TESTS_KLP_GLUE_H
#define SUTURE_TESTS_KLP_GLUE_H

#include "elf/elf.h"
#include "klp/glue.h"
#include "unit.h"

#define STATE_SIZE 24

static inline struct elf_section *add_bytes(struct elf_object *obj, const char *name,
					    uint64_t flags, const void *data, size_t size)
{
	struct elf_section *section =
		elf_add_section(obj, name, SHT_PROGBITS, SHF_ALLOC | flags, 8);

	elf_section_append(obj, section, data, size, 8);
	return section;
}

/* What the compiled glue has, without its code. */
static inline struct elf_object *make_glue(void)
{
	static const char info[] = "livepatch=Y\0license=GPL\0name=" GLUE_NAME "\0vermagic=6.1 SMP";
	struct elf_object *glue = elf_object_new("glue");
	char module[512] = "....", versions[64] = "CRC.....printk";

	memcpy(module + 24, GLUE_NAME, sizeof(GLUE_NAME));
	add_bytes(glue, ".modinfo", 0, info, sizeof(info));
	add_bytes(glue, "__versions", 0, versions, sizeof(versions));
	add_bytes(glue, ".gnu.linkonce.this_module", SHF_WRITE, module, sizeof(module));

	struct elf_section *objects =
		add_bytes(glue, GLUE_OBJECTS_SECTION, SHF_WRITE, NULL, GLUE_OBJECT_SIZE);
	struct elf_section *states =
		add_bytes(glue, GLUE_STATES_SECTION, SHF_WRITE, NULL, STATE_SIZE);

	elf_add_symbol(glue, "suture_objects", ELF64_ST_INFO(STB_GLOBAL, STT_OBJECT), objects, 0,
		       GLUE_OBJECT_SIZE);
	elf_add_symbol(glue, "suture_states", ELF64_ST_INFO(STB_GLOBAL, STT_OBJECT), states, 0,
		       STATE_SIZE);
	add_bytes(glue, GLUE_BUILD_SECTION, SHF_WRITE, NULL, GLUE_FACT_SIZE);
	add_bytes(glue, GLUE_REPLACE_SECTION, SHF_WRITE, "\1", 1);
	return glue;
}

#endif
