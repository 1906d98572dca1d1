/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds CVE ids in texts: changelogs, reports, mails, names of patches. */
#include "base/cve.h"

#include <string.h>

#include "base/alloc.h"

/*
 * Returns the length of the id at text, which has size bytes, or 0 if there is none. A number has
 * 4 to 19 digits (CVE Record Format 5.0).
 */
static size_t cve_length(const char *text, size_t size)
{
	static const char shape[] = "CVE-dddd-dddd";
	size_t len = 0;

	for (; shape[len]; len++)
		if (len >= size || (shape[len] == 'd' ? text[len] < '0' || text[len] > '9'
						      : text[len] != shape[len]))
			return 0;
	while (len < size && text[len] >= '0' && text[len] <= '9')
		len++;
	return len <= strlen("CVE-dddd-") + 19 ? len : 0;
}

bool cve_is_id(const char *text)
{
	size_t len = strlen(text);

	return len && cve_length(text, len) == len;
}

void cve_find(const char *text, size_t size, struct str_vec *cves)
{
	const char *end = text + size;

	while ((text = memmem(text, end - text, "CVE-", strlen("CVE-")))) {
		size_t len = cve_length(text, end - text);

		if (len)
			vec_push(cves, xstrndup(text, len));
		text += len ? len : strlen("CVE-");
	}
}
