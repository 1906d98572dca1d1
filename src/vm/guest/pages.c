/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counts the pages that the kernel holds for itself.
 *
 * Freed pages go to a list of the processor first, up to some hundreds in a guest of 256 MB, and
 * MemFree does not count them (free_unref_page() in mm/page_alloc.c, 6.1).  While such lists fill,
 * each round seems to lose memory; so their pages are counted as free here.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pages.h"
#include "util.h"

/* Returns the number behind a name in the text of /proc/meminfo. */
static long meminfo_value(const char *text, const char *name)
{
	const char *line = strstr(text, name);

	return line ? atol(line + strlen(name)) : 0;
}

/* A zone has "  pagesets", and below it "    cpu: 0", "              count: 123", and so on. */
long pages_listed_kb(const char *zoneinfo)
{
	static const char name[] = " count: ";
	long pages = 0;

	for (const char *at = zoneinfo; (at = strstr(at, name)); at += sizeof(name) - 1)
		pages += atol(at + sizeof(name) - 1);
	return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

long pages_kernel_kb(void)
{
	static const char *const others[] = {
		"MemFree:", "Buffers:", "\nCached:", "AnonPages:", "SReclaimable:"};
	static char text[65536];

	/* vmstat_refresh() adds the counts that processors have not added to the sums yet. */
	guest_write_text("/proc/sys/vm/stat_refresh", "1");
	if (guest_read_text("/proc/meminfo", text, sizeof(text)) < 0)
		return 0;

	long kb = meminfo_value(text, "MemTotal:");

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		kb -= meminfo_value(text, others[i]);
	if (guest_read_text("/proc/zoneinfo", text, sizeof(text)) > 0)
		kb -= pages_listed_kb(text);
	return kb;
}
