/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests unpacking of packages, with rules for paths, links and truncated archives. */
#include <sys/stat.h>
#include <unistd.h>

#include "base/tempdir.h"
#include "target/sums.h"
#include "target/unpack.h"
#include "unit.h"

#include "test_target_synth.h"

struct fixture {
	char *dir, *deb, *out;
};

static void fixture_make(struct fixture *fix)
{
	ck_assert_ok(dir_temp(dir_for_temp(), "suture-test", &fix->dir));
	fix->deb = xasprintf("%s/x.deb", fix->dir);
	fix->out = xasprintf("%s/out", fix->dir);
	ck_assert_ok(dir_make(fix->out));
}

static void fixture_end(struct fixture *fix)
{
	dir_temp_cleanup(&fix->dir);
	free(fix->deb);
	free(fix->out);
}

#define scope_fixture __attribute__((cleanup(fixture_end))) struct fixture

static const struct unpack_rule everything[] = {{"", ""}, {}};

static struct err *unpack(const struct fixture *fix, const struct unpack_rule *rules)
{
	const struct unpack_package packages[] = {{fix->deb, rules}, {}};
	struct unpack_watch watch = {};

	return unpack_debs(packages, fix->out, &watch, NULL);
}

static void assert_text(const struct fixture *fix, const char *name, const char *text)
{
	scope_free char *path = xasprintf("%s/%s", fix->out, name);
	scope_free char *found = NULL;

	ck_assert_ok(file_read(path, &found, NULL));
	ck_assert_str_eq(found, text);
}

static bool is_there(const struct fixture *fix, const char *name)
{
	scope_free char *path = xasprintf("%s/%s", fix->out, name);

	return !access(path, F_OK);
}

START_TEST(rules_decide_where_files_go)
{
	const struct unpack_rule rules[] = {
		{"usr/src/hdr/skip", NULL}, {"usr/src/hdr", "build"}, {"boot/k", "kernel"}, {}};
	scope_fixture fix = {};

	fixture_make(&fix);
	synth_deb(fix.deb,
		  (const struct synth_file[]){{"./usr/", NULL, AE_IFDIR},
					      {"./usr/src/hdr/a/b.h", "b"},
					      {"./usr/src/hdr/skip", "/elsewhere", AE_IFLNK},
					      {"./usr/src/hdr/tool", "t", .executable = true},
					      {"./usr/src/hdr/link", "a/b.h", AE_IFLNK},
					      {"./usr/src/hdrs", "not below hdr"},
					      {"./boot/k", "k"},
					      {}});
	ck_assert_ok(unpack(&fix, rules));
	assert_text(&fix, "build/a/b.h", "b");
	assert_text(&fix, "build/link", "b");
	assert_text(&fix, "kernel", "k");
	ck_assert(!is_there(&fix, "build/skip"));
	ck_assert(!is_there(&fix, "usr"));

	scope_free char *tool = xasprintf("%s/build/tool", fix.out);
	scope_free char *plain = xasprintf("%s/kernel", fix.out);

	ck_assert(!access(tool, X_OK));

	struct stat st;

	ck_assert(!stat(plain, &st) && !(st.st_mode & 0111));
}
END_TEST

START_TEST(inner_archive_is_unpacked_on_the_way)
{
	const struct unpack_rule rules[] = {{"src.tar.xz", "tree", .archive = true}, {}};
	scope_strbuf inner = STRBUF_INIT;
	scope_fixture fix = {};

	fixture_make(&fix);
	synth_tar(&inner, (const struct synth_file[]){{"linux-6.1/", NULL, AE_IFDIR},
						      {"linux-6.1/fs/a.c", "int a;"},
						      {"linux-6.1/b", "fs/a.c", AE_IFLNK},
						      {}});
	synth_deb(fix.deb,
		  (const struct synth_file[]){{"./src.tar.xz", inner.buf, .size = inner.len}, {}});
	ck_assert_ok(unpack(&fix, rules));
	assert_text(&fix, "tree/fs/a.c", "int a;");
	assert_text(&fix, "tree/b", "int a;");
}
END_TEST

/* Returns the sums of an archive with one file and one link. */
static void unpack_sums(const char *text, const char *target, struct sum_vec *sums)
{
	const struct unpack_rule rules[] = {{"src.tar.xz", "tree", .archive = true}, {"", ""}, {}};
	scope_strbuf inner = STRBUF_INIT;
	scope_fixture fix = {};
	struct unpack_watch watch = {};

	fixture_make(&fix);
	synth_tar(&inner, (const struct synth_file[]){{"linux-6.1/fs/a.c", text},
						      {"linux-6.1/b", target, AE_IFLNK},
						      {}});
	synth_deb(fix.deb,
		  (const struct synth_file[]){
			  {"./src.tar.xz", inner.buf, .size = inner.len}, {"./other", "x"}, {}});

	const struct unpack_package packages[] = {{fix.deb, rules}, {}};

	ck_assert_ok(unpack_debs(packages, fix.out, &watch, sums));
	ck_assert_uint_eq(sums->len, 2);
	ck_assert_str_eq(sums->data[0].path, "fs/a.c");
	ck_assert_str_eq(sums->data[1].path, "b");
}

START_TEST(files_of_an_archive_are_summed)
{
	scope_sums one = {}, same = {}, other = {};

	unpack_sums("int a;", "fs/a.c", &one);
	unpack_sums("int a;", "fs/a.c", &same);
	unpack_sums("int b;", "int a;", &other);
	for (size_t i = 0; i < one.len; i++) {
		ck_assert_uint_eq(one.data[i].low, same.data[i].low);
		ck_assert_uint_eq(one.data[i].high, same.data[i].high);
		ck_assert_uint_ne(one.data[i].low, other.data[i].low);
	}
	/* A link and a file with the same text have different sums. */
	ck_assert_uint_ne(one.data[0].low, other.data[1].low);
}
END_TEST

START_TEST(nothing_is_written_outside)
{
	static const struct {
		struct synth_file file;
		const char *message;
	} bad[] = {
		{{"../evil", "x"}, "leads out"},
		{{"./a/../../evil", "x"}, "leads out"},
		{{"/tmp/evil", "x"}, "leads out"},
		{{"a/..", "x"}, "leads out"},
		{{"link", "/etc/passwd", AE_IFLNK}, "leads out"},
		{{"a/link", "../../evil", AE_IFLNK}, "leads out"},
		{{"link", "a/../../evil", AE_IFLNK}, "leads out"},
		{{"hard", "a", .hard_link = true}, "hard link"},
		{{"pipe", NULL, AE_IFIFO}, "neither a file"},
		{{"dev", NULL, AE_IFCHR}, "neither a file"},
	};

	for (size_t i = 0; i < array_size(bad); i++) {
		scope_fixture fix = {};

		fixture_make(&fix);
		synth_deb(fix.deb, (const struct synth_file[]){{"a/good", "g"}, bad[i].file, {}});
		ck_assert_fails(unpack(&fix, everything), bad[i].message);

		scope_free char *evil = xasprintf("%s/evil", fix.dir);

		ck_assert(access(evil, F_OK));
	}
}
END_TEST

START_TEST(no_file_goes_through_a_link)
{
	scope_fixture fix = {};

	fixture_make(&fix);
	/* The link is made last, so that writing link/file does not change real/file. */
	synth_deb(fix.deb, (const struct synth_file[]){{"real/file", "good"},
						       {"link", "real", AE_IFLNK},
						       {"link/file", "evil"},
						       {}});
	ck_assert_fails(unpack(&fix, everything), "link: cannot be written");
	assert_text(&fix, "real/file", "good");
}
END_TEST

START_TEST(twice_the_same_file_is_an_error)
{
	scope_fixture fix = {};

	fixture_make(&fix);
	synth_deb(fix.deb, (const struct synth_file[]){{"a", "1"}, {"a", "2"}, {}});
	ck_assert_fails(unpack(&fix, everything), "cannot be written");
}
END_TEST

START_TEST(truncated_packages_are_errors)
{
	scope_fixture fix = {};
	scope_free char *text = NULL;
	size_t size;

	fixture_make(&fix);
	synth_deb(fix.deb, (const struct synth_file[]){{"a", "1"}, {"b/c", "22"}, {}});
	ck_assert_ok(file_read(fix.deb, &text, &size));
	/* The last bytes are padding. */
	for (size_t len = 0; len < size - 16; len += 7) {
		ck_assert_ok(file_write(fix.deb, text, len));
		ck_assert_ok(dir_remove(fix.out));
		ck_assert_ok(dir_make(fix.out));

		struct err *err = unpack(&fix, everything);

		ck_assert_msg(err, "%zu of %zu bytes were taken for a package", len, size);
		ck_assert_msg(strstr(err_message(err), "x.deb"), "%s", err_message(err));
		err_free(err);
	}
}
END_TEST

START_TEST(other_files_are_no_packages)
{
	scope_strbuf text = STRBUF_INIT;
	scope_fixture fix = {};

	fixture_make(&fix);
	ck_assert_fails(unpack(&fix, everything), "x.deb");
	ck_assert_ok(file_write(fix.deb, "hello, this is no archive", 25));
	ck_assert_fails(unpack(&fix, everything), "x.deb");
	strbuf_addstr(&text, "not a tar archive");
	synth_deb_members(fix.deb, "data.tar.xz", &text);
	ck_assert_fails(unpack(&fix, everything), "x.deb");
	synth_deb_members(fix.deb, "other", &text);
	ck_assert_fails(unpack(&fix, everything), "no data.tar");
}
END_TEST

START_TEST(another_thread_can_end_it)
{
	scope_fixture fix = {};

	fixture_make(&fix);
	synth_deb(fix.deb, (const struct synth_file[]){{"a", "1"}, {}});

	const struct unpack_package packages[] = {{fix.deb, everything}, {}};
	struct unpack_watch watch = {.cancel = true};

	ck_assert_fails(unpack_debs(packages, fix.out, &watch, NULL), "interrupted");
}
END_TEST

START_TEST(progress_reaches_the_size_of_the_packages)
{
	scope_fixture fix = {};
	struct unpack_watch watch = {};
	struct stat st;

	fixture_make(&fix);
	synth_deb(fix.deb, (const struct synth_file[]){{"a", "1"}, {}});

	const struct unpack_package packages[] = {{fix.deb, everything}, {}};

	ck_assert_ok(unpack_debs(packages, fix.out, &watch, NULL));
	ck_assert_int_eq(stat(fix.deb, &st), 0);
	ck_assert_uint_eq(watch.consumed, st.st_size);
}
END_TEST

UNIT_SUITE("target: unpack", rules_decide_where_files_go, inner_archive_is_unpacked_on_the_way,
	   files_of_an_archive_are_summed, nothing_is_written_outside, no_file_goes_through_a_link,
	   twice_the_same_file_is_an_error, truncated_packages_are_errors,
	   other_files_are_no_packages, another_thread_can_end_it,
	   progress_reaches_the_size_of_the_packages)
