/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What every unit test shares: error assertions, and a main() that prints TAP. */
#ifndef SUTURE_TESTS_UNIT_H
#define SUTURE_TESTS_UNIT_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"

#define ck_assert_ok(expr)                                                                         \
	do {                                                                                       \
		struct err *ok_err_ = (expr);                                                      \
		ck_assert_msg(!ok_err_, "%s: %s", #expr, ok_err_ ? err_message(ok_err_) : "");     \
	} while (0)

/* Checks that the expression fails and that its message contains the given text. */
#define ck_assert_fails(expr, text)                                                                \
	do {                                                                                       \
		struct err *fails_err_ = (expr);                                                   \
		ck_assert_msg(fails_err_ != NULL, "%s: did not fail", #expr);                      \
		ck_assert_msg(strstr(err_message(fails_err_), text) != NULL,                       \
			      "%s: message is \"%s\"", #expr, err_message(fails_err_));            \
		err_free(fails_err_);                                                              \
	} while (0)

/* Defines main() of one file, with its name and its tests. */
#define UNIT_SUITE(name, ...)                                                                      \
	int main(void)                                                                             \
	{                                                                                          \
		const TTest *tests[] = {__VA_ARGS__};                                              \
		Suite *suite = suite_create(name);                                                 \
		TCase *tcase = tcase_create(name);                                                 \
                                                                                                   \
		tcase_set_timeout(tcase, 60);                                                      \
		for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)                      \
			tcase_add_test(tcase, tests[i]);                                           \
		suite_add_tcase(suite, tcase);                                                     \
                                                                                                   \
		SRunner *runner = srunner_create(suite);                                           \
                                                                                                   \
		srunner_set_tap(runner, "-");                                                      \
		srunner_run_all(runner, CK_SILENT);                                                \
                                                                                                   \
		int failed = srunner_ntests_failed(runner);                                        \
                                                                                                   \
		srunner_free(runner);                                                              \
		return failed ? EXIT_FAILURE : EXIT_SUCCESS;                                       \
	}

#endif
