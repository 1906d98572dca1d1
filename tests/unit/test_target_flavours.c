/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Flavours that are built with more patches than the source has; what a survey tells. */
#include "target/survey.h"
#include "test_target_fixture.h"

#define COMMON "linux-headers-6.1.0-99-common-test"

/* Makes a flavour whose headers are not those of linux-source. */
static void archive_of_patched_flavour(const struct fixture *fix)
{
	scope_strbuf index = STRBUF_INIT, tar = STRBUF_INIT;
	static const struct synth_file common[] = {
		{"./usr/src/" COMMON "/init/main.c", "int patched;\n"},
		{"./usr/src/" COMMON "/include/new/only.h", ""},
		{"./usr/src/" COMMON "/scripts", "../../lib/linux-kbuild-6.1/scripts", AE_IFLNK},
		{"./usr/src/" COMMON "/tools", "../../lib/linux-kbuild-6.1/tools", AE_IFLNK},
		{},
	};

	synth_index(&index, "linux-image-" SYNTH_RELEASE, NULL);
	synth_index(&index, "linux-headers-" SYNTH_RELEASE,
		    COMMON " (= " SYNTH_VERSION "), linux-kbuild-6.1");
	synth_index(&index, "linux-kbuild-6.1", NULL);
	synth_index(&index, "linux-source-6.1", NULL);
	synth_write(fix->apt, "index", index.buf);
	ck_assert_fails(fetch(), COMMON);
	synth_index(&index, COMMON, NULL);
	synth_write(fix->apt, "index", index.buf);
	synth_pool_deb(fix->apt, COMMON, common);
}

START_TEST(a_flavours_own_headers_go_over_the_source)
{
	scope_fixture fix = {};
	scope_target target = NULL;

	fixture_make(&fix);
	archive_of_patched_flavour(&fix);
	ck_assert_ok(target_open(&spec, NULL, &target));
	ck_assert_ptr_nonnull(target->source_gap);
	ck_assert_ptr_nonnull(strstr(target->source_gap, COMMON));
	ck_assert_uint_eq(downloads(&fix), 5);
	ck_assert_uint_eq(entries(&fix, "sources"), 2);
	ck_assert(inside(target->source, "include/new/only.h"));
	ck_assert(inside(target->source, "arch/x86/Makefile"));
	ck_assert(inside(target->source, "scripts/Makefile.build"));

	scope_free char *patched = xasprintf("%s/init/main.c", target->source);
	scope_free char *plain =
		xasprintf("%s/sources/linux-source-6.1_" SYNTH_VERSION "/tree", fix.cache);
	scope_free char *pristine = xasprintf("%s/init/main.c", plain);
	scope_free char *text = NULL, *other = NULL;

	ck_assert_ok(file_read(patched, &text, NULL));
	ck_assert_str_eq(text, "int patched;\n");
	ck_assert_ok(file_read(pristine, &other, NULL));
	ck_assert_str_eq(other, "int x;\n");
	ck_assert(!inside(plain, "include/new"));
}
END_TEST

/*
 * The combined source is complete by itself; the plain source is fetched again only for other
 * kernels.
 */
START_TEST(the_laid_over_source_is_whole)
{
	scope_fixture fix = {};

	fixture_make(&fix);
	archive_of_patched_flavour(&fix);
	ck_assert_ok(fetch());

	scope_free char *plain = xasprintf("%s/sources/linux-source-6.1_" SYNTH_VERSION, fix.cache);
	scope_free char *kernel =
		xasprintf("%s/kernels/" SYNTH_RELEASE "_" SYNTH_VERSION, fix.cache);

	ck_assert_ok(dir_remove(plain));
	ck_assert_ok(dir_remove(kernel));
	ck_assert_ok(fetch());
	ck_assert_uint_eq(downloads(&fix), 5 + 3);
	ck_assert_uint_eq(entries(&fix, "sources"), 1);
}
END_TEST

/* Returns the fact of that name, or NULL if the survey has no such fact. */
static const struct target_fact *survey(struct target_fact_vec *facts, const char *what)
{
	scope_free char *release = NULL;

	target_facts_free(facts);
	ck_assert_ok(target_survey(&spec, facts, &release));
	ck_assert_str_eq(release, SYNTH_RELEASE);
	vec_foreach(facts, fact)
		if (!strcmp(fact->what, what))
			return fact;
	return NULL;
}

START_TEST(a_survey_fetches_nothing)
{
	scope_fixture fix = {};
	scope_target_facts facts = {};

	fixture_make(&fix);
	ck_assert_int_eq(survey(&facts, "kernel")->state, FACT_OK);
	ck_assert_int_eq(survey(&facts, "configuration")->state, FACT_LATER);
	ck_assert_int_eq(survey(&facts, "space")->state, FACT_OK);
	ck_assert_int_eq(survey(&facts, "compiler")->state, FACT_MISSING);
	ck_assert_uint_eq(downloads(&fix), 0);
	ck_assert(!dir_exists(fix.cache));
	ck_assert_ok(fetch());
	ck_assert_int_eq(survey(&facts, "livepatch")->state, FACT_OK);
	ck_assert_int_eq(survey(&facts, "stack traces")->state, FACT_MISSING);
	ck_assert_int_eq(survey(&facts, "architecture")->state, FACT_MISSING);
	ck_assert_int_eq(survey(&facts, "compiler")->state, FACT_NOTE);
	ck_assert_ptr_nonnull(strstr(survey(&facts, "image")->detail, "klp_enable_patch"));
	ck_assert_ptr_null(survey(&facts, "configuration"));
}
END_TEST

UNIT_SUITE("target: flavours", a_flavours_own_headers_go_over_the_source,
	   the_laid_over_source_is_whole, a_survey_fetches_nothing)
