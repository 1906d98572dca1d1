/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of the small operations on text: paths, words, joined names, text as JSON. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/path.h"
#include "base/printable.h"
#include "base/text.h"
#include "unit.h"

START_TEST(paths_split_at_the_last_slash)
{
	scope_free char *parent = path_parent("a/b/c.o"), *none = path_parent("c.o");

	ck_assert_str_eq(path_base("a/b/c.o"), "c.o");
	ck_assert_str_eq(path_base("c.o"), "c.o");
	ck_assert_str_eq(path_base("a/"), "");
	ck_assert_str_eq(parent, "a/b");
	ck_assert_str_eq(none, "");
}
END_TEST

START_TEST(trimming_leaves_inner_spaces)
{
	char line[] = " \t a  b\r\n", blank[] = "  \n";

	ck_assert_str_eq(str_trim(line), "a  b");
	ck_assert_str_eq(str_trim(blank), "");
}
END_TEST

START_TEST(words_are_whole)
{
	ck_assert(str_has_word("quiet suture=off ro", "suture=off", " "));
	ck_assert(str_has_word("suture=off", "suture=off", " "));
	ck_assert(!str_has_word("xsuture=off suture=offline", "suture=off", " "));
	ck_assert(!str_has_word("", "a", " "));
	ck_assert(str_has_word_nocase("foo_End", "END", "_"));
	ck_assert(!str_has_word_nocase("PENDING", "END", "_"));
	ck_assert(!str_has_word("FOO_end", "END", "_"));
}
END_TEST

START_TEST(names_beyond_the_limit_are_counted)
{
	char *all[] = {"a", "b", "c", "d"};
	struct str_vec list = {.data = all, .len = 4};
	scope_free char *short_list = names_join(&list, 2), *whole = names_join(&list, 4);
	struct names none = NAMES_INIT(2);
	scope_free char *empty = names_end(&none);
	scope_free char *joined = str_vec_join(&list, ","),
			*nothing = str_vec_join(&(struct str_vec){}, ",");

	ck_assert_str_eq(short_list, "a, b and 2 more");
	ck_assert_str_eq(whole, "a, b, c, d");
	ck_assert_str_eq(empty, "");
	ck_assert_str_eq(joined, "a,b,c,d");
	ck_assert_str_eq(nothing, "");
}
END_TEST

START_TEST(json_takes_any_bytes)
{
	char *bad[] = {"\xff"
		       "a",
		       "\033[31m"};
	struct str_vec list = {.data = bad, .len = 2};
	scope_json array = printables_json(&list);
	scope_json text = text_json("a\nb\033\302\233");

	ck_assert_str_eq(json_string_value(json_array_get(array, 0)), "\\xffa");
	ck_assert_str_eq(json_string_value(json_array_get(array, 1)), "\\x1b[31m");
	ck_assert_str_eq(json_string_value(text), "a\nb\033\\xc2\\x9b");
}
END_TEST

static void expect_printable(const char *text, const char *wanted)
{
	scope_free char *one = text_printable(text), *json = text_printable_json(text);
	scope_free char *lines = text_printable_lines(text), *tabs = text_printable_tabs(text);

	ck_assert_str_eq(one, wanted);
	ck_assert_str_eq(json, wanted);
	ck_assert_str_eq(lines, wanted);
	ck_assert_str_eq(tabs, wanted);
}

START_TEST(characters_that_cannot_be_seen_are_shown)
{
	/* Marks and isolates of direction make a name read as another one. */
	expect_printable("a\u061cb", "a\\xd8\\x9cb");
	expect_printable("a\u200eb\u200f", "a\\xe2\\x80\\x8eb\\xe2\\x80\\x8f");
	expect_printable("\u202e", "\\xe2\\x80\\xae");
	expect_printable("\u2066\u2069", "\\xe2\\x81\\xa6\\xe2\\x81\\xa9");
	/* Others have no width. */
	expect_printable("\u200b", "\\xe2\\x80\\x8b");
	expect_printable("\u2060", "\\xe2\\x81\\xa0");
	expect_printable("\u180e", "\\xe1\\xa0\\x8e");
	expect_printable("\ufeff", "\\xef\\xbb\\xbf");
	expect_printable("\ufff9", "\\xef\\xbf\\xb9");
	expect_printable("\U000e0041", "\\xf3\\xa0\\x81\\x81");
	/* Letters of all scripts, and what they are joined with, stay. */
	expect_printable("Größe \u0627\u0644 \u05d0 \u0301 \U0001f427",
			 "Größe \u0627\u0644 \u05d0 \u0301 \U0001f427");
}
END_TEST

UNIT_SUITE("text", characters_that_cannot_be_seen_are_shown, paths_split_at_the_last_slash,
	   trimming_leaves_inner_spaces, words_are_whole, names_beyond_the_limit_are_counted,
	   json_takes_any_bytes)
