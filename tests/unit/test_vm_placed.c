/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Boot images whose kernel is unpacked and relocated by the host. */
#include "base/alloc.h"
#include "base/file.h"
#include "base/tempdir.h"
#include "placed_files.h"
#include "unit.h"
#include "vm/placed.h"

static uint64_t number_at(const struct placed_kernel *placed, size_t offset, size_t width)
{
	uint64_t value = 0;

	memcpy(&value, placed->kernel + offset, width);
	return value;
}

START_TEST(relocations_of_each_kind_are_applied)
{
	static const uint32_t words[] = {0, AT(0), 0, AT(0x10), 0, AT(0x20)};
	scope_placed placed = {};

	ck_assert(
		placed_read(packaged_bytes(), elf_bytes(words, array_size(words)), SHIFT, &placed));
	ck_assert_uint_eq(placed.size, 0x300);
	ck_assert_uint_eq(placed.entry, 0x40);
	ck_assert_uint_eq(placed.setup.size, SETUP_SIZE);
	ck_assert_uint_eq(number_at(&placed, 0, 8), KERNEL_MAP + LINKED + 8 + SHIFT);
	ck_assert_uint_eq(number_at(&placed, 0x10, 4), (uint32_t)(0x7000 - SHIFT));
	ck_assert_uint_eq(number_at(&placed, 0x20, 4), (uint32_t)(KERNEL_MAP + LINKED + 8 + SHIFT));
	ck_assert_uint_eq(number_at(&placed, 0x14, 4), 0);
}
END_TEST

/* Since 6.15 there is no list of distances. */
START_TEST(two_lists_are_of_64_and_32_bits)
{
	static const uint32_t words[] = {0, AT(0), 0, AT(0x20)};
	scope_placed placed = {};

	ck_assert(
		placed_read(packaged_bytes(), elf_bytes(words, array_size(words)), SHIFT, &placed));
	ck_assert_uint_eq(number_at(&placed, 0, 8), KERNEL_MAP + LINKED + 8 + SHIFT);
	ck_assert_uint_eq(number_at(&placed, 0x10, 4), 0x7000);
	ck_assert_uint_eq(number_at(&placed, 0x20, 4), (uint32_t)(KERNEL_MAP + LINKED + 8 + SHIFT));
}
END_TEST

/* A kernel without relocations, an unknown list more, or an address outside boots by itself. */
START_TEST(what_is_not_known_is_left_alone)
{
	static const uint32_t fourth[] = {0, AT(0), 0, AT(0x10), 0, AT(0x20), 0, AT(0x20)};
	static const uint32_t outside[] = {0, AT(0x300), 0, AT(0x10), 0, AT(0x20)};
	static const uint32_t across[] = {0, AT(0x2fc), 0, AT(0x10), 0, AT(0x20)};
	static const uint32_t below[] = {0, AT(0) - 4, 0, AT(0x20)};
	static const uint32_t first[] = {AT(0), 0, AT(0x20)};
	static const struct {
		const uint32_t *words;
		size_t count;
	} lists[] = {{fourth, 8}, {outside, 6}, {across, 6}, {below, 4}, {first, 3}, {first, 0}};

	for (size_t i = 0; i < array_size(lists); i++) {
		scope_placed placed = {};

		ck_assert_msg(!placed_read(packaged_bytes(),
					   elf_bytes(lists[i].words, lists[i].count), SHIFT,
					   &placed),
			      "list %zu", i);
	}
}
END_TEST

START_TEST(files_that_are_cut_or_of_another_form_are_left_alone)
{
	static const uint32_t words[] = {0, AT(0), 0, AT(0x10), 0, AT(0x20)};
	struct bytes whole = elf_bytes(words, array_size(words));

	for (size_t size = 0; size < whole.size; size++) {
		scope_placed placed = {};

		if (size % 4 == 0 && size >= LISTS + 12) /* still two lists */
			continue;
		ck_assert_msg(!placed_read(packaged_bytes(), (struct bytes){whole.data, size}, 0,
					   &placed),
			      "%zu bytes", size);
	}

	scope_placed placed = {};

	ck_assert(!placed_read(whole, whole, 0, &placed)); /* a vmlinux has no real-mode code */
}
END_TEST

START_TEST(the_file_has_the_kernel_at_its_place)
{
	static const uint32_t words[] = {0, AT(0), 0, AT(0x10), 0, AT(0x20)};
	static const uint64_t mb = 1 << 20;
	scope_placed placed = {};
	scope_file_map map = {};
	char *dir = NULL;

	ck_assert(
		placed_read(packaged_bytes(), elf_bytes(words, array_size(words)), SHIFT, &placed));
	ck_assert(!placed_choose(&placed, 80 * mb, mb));
	for (int i = 0; i < 100; i++) {
		ck_assert(placed_choose(&placed, 256 * mb, mb));
		ck_assert_uint_ge(placed.physical, LINKED);
		ck_assert_uint_le(placed.physical, LINKED + 32 * mb);
		ck_assert_uint_eq(placed.physical % (2 * mb), 0);
		ck_assert_uint_eq(placed_random_shift(60 * mb) % (2 * mb), 0);
		ck_assert_uint_lt(placed_random_shift(60 * mb), 1024 * mb - 136 * mb);
	}
	ck_assert_ok(dir_temp(dir_for_temp(), "suture-unit", &dir));

	scope_free char *path = xasprintf("%s/kernel", dir);
	uint64_t at = SETUP_SIZE + placed.physical - mb;

	ck_assert_ok(placed_write(&placed, path));
	ck_assert_ok(file_map(path, &map));
	ck_assert_uint_eq(map.bytes.size, at + placed.size);
	ck_assert(!memcmp(map.bytes.data, packaged, SETUP_SIZE));
	ck_assert(!memcmp(map.bytes.data + at, placed.kernel, placed.size));
	dir_temp_cleanup(&dir);
}
END_TEST

UNIT_SUITE("vm_placed", relocations_of_each_kind_are_applied, two_lists_are_of_64_and_32_bits,
	   what_is_not_known_is_left_alone, files_that_are_cut_or_of_another_form_are_left_alone,
	   the_file_has_the_kernel_at_its_place)
