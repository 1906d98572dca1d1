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
	expect_same("Words\n\nSubject: =3D\n\n" DIFF_QUOTED);
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
		QUOTED "\na=3\n",
		QUOTED "\na=XY\n",
		QUOTED "\na=3 D\n",
		BASE64 "\nYQ\n",
		BASE64 "\nY===\n",
		BASE64 "\nYQ=x\n",
		BASE64 "\nY*==\n",
		BASE64 "\nAA==\n",
		BASE64 "\nYQ==\nYQ==\n",
		BASE64 "\nK2E=\n\n" SEPARATOR "Subject: x\n\ny\n",
		/* The header is not where it belongs. */
		"Words\n\n" QUOTED "\n" DIFF_QUOTED,
		"Subject: x\nwords\n" BASE64 "\n" DIFF_BASE64,
		"Subject: x\n\n" QUOTED "\n" DIFF_QUOTED,
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

START_TEST(headers_of_all_forms_are_read)
{
	static const char *const mails[] = {
		"X-Spam_score: 1\n" QUOTED "\n" DIFF_QUOTED,
		"X.Old: 1\n" QUOTED "\n" DIFF_QUOTED,
		"X-A/B+c: 1\nX-$1: 2\n" BASE64 "\n" DIFF_BASE64,
		"Content-Transfer-Encoding : base64\n\n" DIFF_BASE64,
		"Content-Transfer-Encoding\t: quoted-printable\n\n" DIFF_QUOTED,
		"Subject : x\nContent-Transfer-Encoding :quoted-printable\n\n" DIFF_QUOTED,
		"\xef\xbb\xbf" QUOTED "\n" DIFF_QUOTED,
		"\xef\xbb\xbf\nFrom: A\n" QUOTED "\n" DIFF_QUOTED,
		"\n" QUOTED "\n" DIFF_QUOTED,
		"\n\n" SEPARATOR BASE64 "\n" DIFF_BASE64,
		"From a@b Mon Sep 17 00:00 2001\n" QUOTED "\n" DIFF_QUOTED,
		"From a@b Thu Jan  1 00:00 UTC 1970\n" BASE64 "\n" DIFF_BASE64,
		"\xef\xbb\xbf" DIFF,
	};

	for (size_t i = 0; i < array_size(mails); i++) {
		scope_free char *out = NULL;
		bool decoded;

		ck_assert_ok(mail_decode("m", mails[i], &out, &decoded));
		ck_assert_msg(strstr(out, DIFF) != NULL, "%s", mails[i]);
		ck_assert_msg(out[0] != '\xef', "%s", mails[i]);
	}
	ck_assert_uint_eq(count_files("From a@b Mon Sep 17 00:00 2001\nSubject: 1\n\n" DIFF
				      "\nFrom a@b Mon Sep 17 00:00 2001\nSubject: 2\n" QUOTED
				      "\n" DIFF_QUOTED),
			  2);
	/* Sentences are not separators. */
	expect_same("Subject: x\n\nFrom 10:30 on, it hangs\n\nFrom May 10:30 on\n" DIFF);
}
END_TEST

#define TWO_PARTS(headers, body)                                                                   \
	"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\n" DIFF      \
	"--b\n" headers "\n" body "--b--\n"

/* No part that may have a patch is left out without a word. */
START_TEST(all_attached_patches_are_read)
{
	static const char *const mails[] = {
		TWO_PARTS("Content-Type: message/rfc822\n", "Subject: x\n\n" DIFF),
		TWO_PARTS("Content-Type: message/rfc822\n", "Subject: x\n" QUOTED "\n" DIFF_QUOTED),
		TWO_PARTS("Content-Type: message/rfc822\n",
			  "Content-Type: multipart/mixed; boundary=\"c\"\n\n--c\n" BASE64
			  "\n" DIFF_BASE64 "--c--\n"),
		TWO_PARTS("Content-Type: message/rfc822\n", DIFF),
		TWO_PARTS("Content-Type: application/octet-stream\n"
			  "Content-Disposition: attachment; filename=\"2.patch\"\n" BASE64,
			  DIFF_BASE64),
		TWO_PARTS("Content-Type: application/octet-stream; name=\"fix.txt\"\n" BASE64,
			  DIFF_BASE64),
		TWO_PARTS("Content-Type: application/octet-stream; name=\"2.PATCH\"\n", DIFF),
		TWO_PARTS("Content-Type: application/x-patch\n" QUOTED, DIFF_QUOTED),
		TWO_PARTS("Content-Type: application/octet-stream\n", DIFF),
		TWO_PARTS("Content-Type: application/mbox\n", "Subject: x\n\n" DIFF),
		TWO_PARTS("Content-Type: text/x-diff\n" BASE64, DIFF_BASE64),
		TWO_PARTS("Content-Disposition: attachment; filename=x\n", DIFF),
	};

	for (size_t i = 0; i < array_size(mails); i++)
		ck_assert_msg(count_files(mails[i]) == 2, "%s", mails[i]);
	/* What has no patch is left out. */
	ck_assert_uint_eq(
		count_files(TWO_PARTS("Content-Type: application/pdf\n" BASE64, "AAAA\n")), 1);
	ck_assert_uint_eq(count_files(TWO_PARTS("Content-Type: application/json\n", "{}\n")), 1);
}
END_TEST

START_TEST(attachments_that_cannot_be_read_are_refused)
{
	static const struct {
		const char *mail, *message;
	} bad[] = {
		{TWO_PARTS("Content-Type: application/gzip; name=\"2.patch.gz\"\n" BASE64,
			   "H4sIAAAA\n"),
		 "the attachment 2.patch.gz is not text; unpack it"},
		{TWO_PARTS("Content-Type: application/zip\n"
			   "Content-Disposition: attachment; filename=a.DIFF.zip\n" BASE64,
			   "UEsAAAAA\n"),
		 "the attachment a.DIFF.zip is not text"},
		{TWO_PARTS("Content-Type: message/rfc822\n" BASE64, DIFF_BASE64),
		 "the attached mail is encoded as a whole"},
		{TWO_PARTS("Content-Type: application/octet-stream\n" BASE64, "Y*==\n"),
		 "the base64 text is damaged"},
	};

	for (size_t i = 0; i < array_size(bad); i++) {
		scope_free char *out = NULL;
		bool decoded;

		ck_assert_fails(mail_decode("m", bad[i].mail, &out, &decoded), bad[i].message);
	}
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
	   parts_of_a_mail_are_read, headers_of_all_forms_are_read, all_attached_patches_are_read,
	   attachments_that_cannot_be_read_are_refused, headers_are_found, an_mbox_is_divided)
