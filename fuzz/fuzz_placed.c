/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fuzzes the reading of kernels that the gate places in memory itself. The input is changes of a
 * good file, three bytes each (offset and value), behind a byte that says which of the files.
 */
#include "placed_files.h"
#include "vm/placed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint32_t words[] = {0, AT(0), 0, AT(0x10), 0, AT(0x20)};
	static uint8_t copy[1 << 16];
	struct bytes boot = packaged_bytes(), elf = elf_bytes(words, 6);
	struct bytes *changed = size && *data & 1 ? &boot : &elf;
	scope_placed placed = {};

	memcpy(copy, changed->data, changed->size);
	for (size_t at = 1; at + 3 <= size; at += 3)
		copy[(data[at] | data[at + 1] << 8) % changed->size] = data[at + 2];
	changed->data = copy;
	placed_read(boot, elf, 0x12200000, &placed);
	return 0;
}
