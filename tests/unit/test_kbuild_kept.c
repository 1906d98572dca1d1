/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that are kept in a cache, and what becomes of those that were damaged there. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/tempdir.h"
#include "kbuild/kept.h"
#include "unit.h"

static const char text[] = "k fs/pipe.o vmlinux\nk fs/open.o vmlinux\n";

struct cache {
	char *dir;
	struct kbuild kbuild;
	struct progress progress;
	unsigned notes;
};

static struct cache *noting; /* note() counts for this cache */

static void note(struct progress *progress, const char *message)
{
	(void)progress;
	ck_assert_ptr_nonnull(strstr(message, "is damaged"));
	noting->notes++;
}

static void cache_open(struct cache *c)
{
	*c = (struct cache){.progress = {.note = note}};
	ck_assert_ok(dir_temp(dir_for_temp(), "suture-test", &c->dir));
	c->kbuild = (struct kbuild){
		.id = (char *)"kbuild-1", .cache = c->dir, .progress = &c->progress};
	noting = c;
	ck_assert_ok(kept_write(&c->kbuild, "units", text, strlen(text)));
	ck_assert_ok(kept_write(&c->kbuild, "generated/a/one.h", "one", 3));
	ck_assert_ok(kept_write(&c->kbuild, "generated/b/two.h", "two", 3));
	ck_assert(kept_has(&c->kbuild, "units"));
	ck_assert(kept_tree_is_whole(&c->kbuild, "generated"));
}

static void cache_close(struct cache *c)
{
	dir_temp_cleanup(&c->dir);
}

static void put(const struct cache *c, const char *name, const void *data, size_t size)
{
	scope_free char *path = xasprintf("%s/%s", c->dir, name);

	ck_assert_ok(file_write_scratch(path, data, size));
}

static void swap(const struct cache *c, const char *one, const char *two)
{
	scope_free char *a = xasprintf("%s/%s", c->dir, one);
	scope_free char *b = xasprintf("%s/%s", c->dir, two);

	ck_assert_int_eq(renameat2(AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE), 0);
}

START_TEST(every_shorter_file_is_damaged)
{
	for (size_t size = 0; size < strlen(text); size++) {
		struct cache c;

		cache_open(&c);
		put(&c, "units", text, size);
		ck_assert_msg(!kept_has(&c.kbuild, "units"), "%zu bytes", size);
		ck_assert_uint_eq(c.notes, 1);
		/* The damaged file is removed, so that it is made again, and then it is intact. */
		ck_assert(!kept_has(&c.kbuild, "units"));
		ck_assert_uint_eq(c.notes, 1);
		ck_assert_ok(kept_write(&c.kbuild, "units", text, strlen(text)));
		ck_assert(kept_has(&c.kbuild, "units"));
		cache_close(&c);
	}
}
END_TEST

START_TEST(every_changed_bit_is_damage)
{
	for (size_t bit = 0; bit < 8 * strlen(text); bit += 3) {
		scope_free char *changed = xstrdup(text);
		struct cache c;

		cache_open(&c);
		changed[bit / 8] ^= 1 << bit % 8;
		put(&c, "units", changed, strlen(text));
		ck_assert_msg(!kept_has(&c.kbuild, "units"), "bit %zu", bit);
		cache_close(&c);
	}
}
END_TEST

START_TEST(the_place_of_another_is_no_place)
{
	struct cache c;

	cache_open(&c);
	swap(&c, "generated/a/one.h", "generated/b/two.h");
	ck_assert(!kept_tree_is_whole(&c.kbuild, "generated"));
	/* It is not accepted with its own seal, either. */
	swap(&c, "seals/generated/a/one.h", "seals/generated/b/two.h");
	ck_assert(!kept_tree_is_whole(&c.kbuild, "generated"));
	swap(&c, "generated/a/one.h", "generated/b/two.h");
	swap(&c, "seals/generated/a/one.h", "seals/generated/b/two.h");
	ck_assert(kept_tree_is_whole(&c.kbuild, "generated"));
	/* It is not accepted in the cache of another release, either. */
	c.kbuild.id = (char *)"kbuild-2";
	ck_assert(!kept_has(&c.kbuild, "units"));
	cache_close(&c);
}
END_TEST

START_TEST(a_lost_file_of_a_tree_is_missed)
{
	struct cache c;

	cache_open(&c);

	scope_free char *path = xasprintf("%s/generated/b/two.h", c.dir);

	ck_assert_int_eq(unlink(path), 0);
	ck_assert(!kept_tree_is_whole(&c.kbuild, "generated"));
	cache_close(&c);
}
END_TEST

START_TEST(a_lost_or_damaged_seal_counts_as_damage)
{
	static const char *const seals[] = {"", "suture-seal/1", "nonsense\n"};

	for (size_t i = 0; i < array_size(seals); i++) {
		struct cache c;

		cache_open(&c);
		put(&c, "seals/units", seals[i], strlen(seals[i]));
		ck_assert(!kept_has(&c.kbuild, "units"));
		cache_close(&c);
	}
}
END_TEST

UNIT_SUITE("kbuild_kept", every_shorter_file_is_damaged, every_changed_bit_is_damage,
	   the_place_of_another_is_no_place, a_lost_file_of_a_tree_is_missed,
	   a_lost_or_damaged_seal_counts_as_damage)
