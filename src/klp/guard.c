/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes the table by which the glue recognises the build of the kernel; glue/layout.h has it. */
#include "klp/guard.h"

#include <string.h>

#include "base/alloc.h"
#include "klp/fields.h"
#include "klp/glue.h"
#include "klp/link_symbols.h"

static void guard_add(struct klp_guard *guard, const struct anchor *anchor, struct guard_fact fact)
{
	fact.base = anchor_reach(anchor, fact.symbol, 0, &fact.distance);
	guard->facts[guard->count++] = fact;
}

struct klp_guard guard_of_image(const struct image *image, const struct anchor *anchor)
{
	struct klp_guard guard = {};
	struct bytes banner, note;
	uint64_t address, note_address;
	size_t length = strlen(image_banner(image));

	if (length && image_address(image, "linux_banner", 0, &address) &&
	    image_read(image, address, length, &banner) &&
	    !memcmp(banner.data, image_banner(image), length))
		guard_add(&guard, anchor, (struct guard_fact){"linux_banner", 0, banner, "banner"});
	if (image_build_id_note(image, &note_address, &note) &&
	    image_address(image, "__start_notes", 0, &address) && note_address >= address)
		guard_add(&guard, anchor,
			  (struct guard_fact){"__start_notes", note_address - address, note,
					      "build id"});
	return guard;
}

static void guard_write_fact(struct elf_object *out, struct elf_section *table,
			     const struct guard_fact *fact)
{
	uint64_t at = elf_section_append(out, table, NULL, GLUE_FACT_SIZE, 8);
	scope_free char *name = xasprintf(".klp.rela.vmlinux.%s", table->name);
	struct elf_section *relas = elf_find_section(out, name);

	if (!relas)
		relas = elf_add_livepatch_relas(out, name, table);
	vec_push(&relas->relas,
		 (struct elf_rela){at + GLUE_FACT_FOUND, R_X86_64_64,
				   link_livepatch_symbol(out, "vmlinux", fact->symbol, 0),
				   (int64_t)fact->offset});
	if (fact->base == KLP_BASE_ANCHOR)
		field_put_pointer(table, at + GLUE_FACT_RECKONED,
				  link_undefined_symbol(out, ANCHOR_NAME),
				  fact->distance + (int64_t)fact->offset);
	field_put_bytes(out, table, at + GLUE_FACT_EXPECTED, fact->bytes);
	field_put_number(table, at + GLUE_FACT_LENGTH, fact->bytes.size);
	field_put_string(out, table, at + GLUE_FACT_WHAT, fact->what);
}

struct err *guard_write(struct elf_object *out, const struct klp_guard *guard)
{
	struct elf_section *table = elf_find_section(out, GLUE_BUILD_SECTION);
	struct elf_symbol *symbol = elf_find_symbol(out, "suture_facts");

	if (!table || table->size != GLUE_FACT_SIZE)
		return err_new("%s: the compiled glue lacks the table of the kernel's build",
			       out->name);
	table->size = 0; /* made anew, with a zero entry at its end */
	for (size_t i = 0; i < guard->count; i++)
		guard_write_fact(out, table, &guard->facts[i]);
	elf_section_append(out, table, NULL, GLUE_FACT_SIZE, 8);
	if (symbol)
		symbol->size = table->size;
	return NULL;
}
