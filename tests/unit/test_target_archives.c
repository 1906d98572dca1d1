/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What becomes of archives.d: labels of the host's archives, and the paragraphs that name them. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "target/archives.h"
#include "unit.h"

static const char host[] = "Debian|http://mirror/debian/\n"
			   "Debian-Security|http://mirror/security/\n"
			   "Debian|http://second/debian/\n"
			   "|http://nameless/\n"
			   "no bar\n"
			   "empty|\n";

START_TEST(labels_are_what_the_host_has)
{
	scope_archive_labels labels = {};

	archives_parse_labels(host, &labels);
	ck_assert_uint_eq(labels.len, 2);
	ck_assert_str_eq(labels.data[0].label, "Debian");
	ck_assert_str_eq(labels.data[0].uri, "http://mirror/debian/");
	ck_assert_str_eq(labels.data[1].label, "Debian-Security");
}
END_TEST

static void assert_resolves(const char *text, const char *wanted)
{
	scope_archive_labels labels = {};

	archives_parse_labels(host, &labels);

	scope_free char *got = archives_resolve(text, &labels);

	ck_assert_str_eq(got, wanted);
}

START_TEST(labels_are_replaced_by_uris)
{
	assert_resolves("# comment\nTypes: deb\nURIs: host:Debian\nSuites: sid\n",
			"Types: deb\nURIs: http://mirror/debian/\nSuites: sid\n\n");
	assert_resolves("URIs: host:Debian-Security host:Debian",
			"URIs: http://mirror/security/ http://mirror/debian/\n\n");
	assert_resolves("URIs: https://elsewhere/x\nSigned-By: /k\n",
			"URIs: https://elsewhere/x\nSigned-By: /k\n\n");
}
END_TEST

START_TEST(paragraphs_of_unknown_labels_are_left_out)
{
	assert_resolves("URIs: host:Ubuntu\nSuites: noble\n\nURIs: host:Debian\n",
			"URIs: http://mirror/debian/\n\n");
	assert_resolves("Suites: noble\nURIs: host:Debian host:Ubuntu\nComponents: main\n", "");
	assert_resolves("URIs: host:\n", "");
	assert_resolves("\n \n\t\n", "");
}
END_TEST

UNIT_SUITE("target: archives", labels_are_what_the_host_has, labels_are_replaced_by_uris,
	   paragraphs_of_unknown_labels_are_left_out)
