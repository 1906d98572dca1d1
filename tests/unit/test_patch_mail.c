/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Patches as mailers send them. */
#include "base/alloc.h"
#include "patch/mail.h"
#include "patch/parse.h"
#include "unit.h"

static void expect(const char *mail, const char *wanted, bool wanted_decoded)
{
	scope_free char *out = NULL;
	bool decoded = !wanted_decoded;

	ck_assert_ok(mail_decode("m", mail, &out, &decoded));
	ck_assert_str_eq(out, wanted);
	ck_assert_int_eq(decoded, wanted_decoded);
}

static void expect_same(const char *text)
{
	expect(text, text, false);
}

#define QUOTED "Content-Transfer-Encoding: quoted-printable\n"
#define BASE64 "Content-Transfer-Encoding: base64\n"
#define SEPARATOR "From 0123456789abcdef Mon Sep 17 00:00:00 2001\n"
#define DIFF "--- a/x.c\n+++ b/x.c\n@@ -1 +1 @@\n-a\n+b=1\n"
#define DIFF_QUOTED "--- a/x.c\n+++ b/x.c\n@@ -1 +1 @@\n-a\n+b=3D1\n"
#define DIFF_BASE64 "LS0tIGEveC5jCisrKyBiL3guYwpA\nQCAtMSArMSBAQAotYQorYj0xCg==\n"

START_TEST(what_is_not_encoded_stays)
{
	expect_same("");
	expect_same(DIFF);
	expect_same("Index: x.c\n=====\n" DIFF);
	expect_same("From: A\nSubject: [PATCH] =3D\n\nx =3D 1\n---\n" DIFF);
	expect_same("Content-Transfer-Encoding: 8bit\n\nx =3D 1\n" DIFF);
	/* Only headers of a mail count. */
	expect_same("Words\n\n" QUOTED "\n" DIFF_QUOTED);
	expect_same("--- a/x\n+++ b/x\n@@ -1 +1,2 @@\n-a\n+" QUOTED "+=3D\n");
	/* A last line without a newline stays without one. */
	expect_same("Subject: x\n\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b");
}
END_TEST

START_TEST(quoted_printable_is_decoded)
{
	expect(QUOTED "\n" DIFF_QUOTED, QUOTED "\n" DIFF, true);
	expect("content-transfer-encoding:  Quoted-Printable\n\na=3db\n",
	       "content-transfer-encoding:  Quoted-Printable\n\na=b\n", true);
	/* The text has soft line ends, blanks that were added at the end, and bytes above 127. */
	expect(QUOTED "\nlong=\n line=20  \n=C3=B6\n", QUOTED "\nlong line \n\303\266\n", true);
}
END_TEST

START_TEST(base64_is_decoded)
{
	expect(BASE64 "\n" DIFF_BASE64, BASE64 "\n" DIFF, true);
	expect(BASE64 "\nYQ==\n", BASE64 "\na", true);
	expect(BASE64 "\nYWI=\n", BASE64 "\nab", true);
	/* All lines end in CR LF, as in the base64 of many mails. */
	expect(BASE64 "\nYQ0KYg0K\n", BASE64 "\na\nb\n", true);
}
END_TEST

START_TEST(damage_is_an_error)
{
	static const char *const bad[] = {
		QUOTED "\na=3\n",	 QUOTED "\na=XY\n",
		QUOTED "\na=3 D\n",	 BASE64 "\nYQ\n",
		BASE64 "\nY===\n",	 BASE64 "\nYQ=x\n",
		BASE64 "\nY*==\n",	 BASE64 "\nAA==\n",
		BASE64 "\nYQ==\nYQ==\n", BASE64 "\nK2E=\n\n" SEPARATOR "Subject: x\n\ny\n",
	};

	for (size_t i = 0; i < array_size(bad); i++) {
		scope_free char *out = NULL;
		bool decoded;
		struct err *err = mail_decode("m", bad[i], &out, &decoded);

		ck_assert_msg(err != NULL, "%s", bad[i]);
		ck_assert_ptr_nonnull(strstr(err_message(err), "m:"));
		err_free(err);
	}
}
END_TEST

static size_t count_files(const char *mail)
{
	scope_free char *out = NULL;
	scope_patch_files files = {};
	bool decoded;

	ck_assert_ok(mail_decode("m", mail, &out, &decoded));
	ck_assert_ok(patch_parse("m", out, &files));
	return files.len;
}

START_TEST(a_series_in_an_mbox_is_read)
{
	/*
	 * A cover letter, a plain mail, one mail in each encoding, and signatures as git writes
	 * them.
	 */
	ck_assert_uint_eq(count_files(SEPARATOR
				      "Subject: [PATCH 0/3] cover\n\nWords.\n\n x.c | 2 +-\n"
				      " 1 file changed\n\n-- \n2.39.2\n\n" SEPARATOR
				      "Subject: [PATCH 1/3]\n\nw\n---\n" DIFF
				      "-- \n2.39.2\n\n" SEPARATOR "Subject: [PATCH 2/3]\n" QUOTED
				      "\nw\n---\n" DIFF_QUOTED "--=20\n2.39.2\n\n" SEPARATOR
				      "Subject: [PATCH 3/3]\n" BASE64 "\n" DIFF_BASE64 "\n"),
			  3);
}
END_TEST

#define FROM_LORE "From mboxrd@z Thu Jan  1 00:00:00 1970\n"

/* b4 and lore write folded headers, and mails have CR LF. */
START_TEST(mails_of_other_programs_are_read)
{
	expect("Content-Transfer-Encoding:\n quoted-printable\n\na=3Db\n",
	       "Content-Transfer-Encoding:\n quoted-printable\n\na=b\n", true);
	expect("content-transfer-encoding:BASE64\n\nYQ==\n",
	       "content-transfer-encoding:BASE64\n\na", true);
	ck_assert_uint_eq(count_files(FROM_LORE "Subject: [PATCH 0/2] cover\n\nWords.\n\n" FROM_LORE
						"Subject: [PATCH 1/2]\n" QUOTED
						"\nw\n---\n" DIFF_QUOTED "\n" FROM_LORE
						"Subject: [PATCH 2/2]\n" BASE64 "\n" DIFF_BASE64),
			  2);
	ck_assert_uint_eq(
		count_files("Subject: x\r\nContent-Transfer-Encoding: base64\r\n\r\n"
			    "LS0tIGEveC5jCisrKyBiL3guYwpA\r\nQCAtMSArMSBAQAotYQorYj0xCg==\r\n"),
		1);
}
END_TEST

START_TEST(parts_of_a_mail_are_read)
{
	expect("Content-Type: multipart/mixed;\n boundary=\"=_b\"\n\nthis is MIME\n--=_b\n"
	       "Content-Type: text/plain\n" QUOTED "\na=3D\n--=_b\nContent-Type: text/html\n\n"
	       "<p>a=3D\n--=_b\nContent-Type: application/octet-stream; name=\"x.patch\"\n" BASE64
	       "\nYQ==\n--=_b\nContent-Type: image/png\n" BASE64 "\nnot base64 at all!\n"
	       "--=_b--\nthe end\n",
	       "Content-Type: multipart/mixed;\n boundary=\"=_b\"\n\nthis is MIME\n"
	       "Content-Type: text/plain\n" QUOTED "\na=\nContent-Type: text/html\n\n"
	       "Content-Type: application/octet-stream; name=\"x.patch\"\n" BASE64
	       "\na\nContent-Type: image/png\n" BASE64 "\nthe end\n",
	       true);
}
END_TEST

static void expect_header(const char *mail, const char *name, const char *wanted)
{
	scope_free char *value = mail_header(mail, name);

	if (wanted)
		ck_assert_str_eq(value, wanted);
	else
		ck_assert_ptr_null(value);
}

START_TEST(headers_are_found)
{
	expect_header(SEPARATOR "From: A\nSubject: [PATCH] a\n b\nX: c\n\n" DIFF, "Subject",
		      "[PATCH] a b");
	expect_header("subject: a\n", "Subject", "a");
	expect_header("Subject:\n\n", "Subject", "");
	expect_header("", "Subject", NULL);
	expect_header("From: A\n\nSubject: not a header\n", "Subject", NULL);
	expect_header("words\nSubject: not a header\n", "Subject", NULL);
	expect_header("Subjects: x\n", "Subject", NULL);
}
END_TEST

START_TEST(an_mbox_is_divided)
{
	ck_assert_uint_eq(mail_length(""), 0);
	ck_assert_uint_eq(mail_length(DIFF), strlen(DIFF));
	ck_assert_uint_eq(mail_length(SEPARATOR DIFF), strlen(SEPARATOR DIFF));
	ck_assert_uint_eq(mail_length(SEPARATOR DIFF SEPARATOR DIFF), strlen(SEPARATOR DIFF));
	/* A sentence is not a separator. */
	ck_assert_uint_eq(mail_length("a\nFrom now on\n"), strlen("a\nFrom now on\n"));
}
END_TEST

UNIT_SUITE("patch_mail", what_is_not_encoded_stays, quoted_printable_is_decoded, base64_is_decoded,
	   damage_is_an_error, a_series_in_an_mbox_is_read, mails_of_other_programs_are_read,
	   parts_of_a_mail_are_read, headers_are_found, an_mbox_is_divided)
