/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every text that "suture advise" reads and others write; the first byte chooses which. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "advise/coverage.h"
#include "advise/kernel_image.h"
#include "advise/kernels.h"
#include "advise/microcode.h"
#include "advise/grub.h"
#include "advise/mounts.h"
#include "advise/owner.h"
#include "advise/procfs.h"
#include "advise/rules.h"
#include "advise/transaction.h"
#include "advise/apt.h"
#include "advise/dnf.h"
#include "advise/version.h"
#include "base/alloc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_maps(struct bytes bytes)
{
	struct bytes line;
	struct mapping map;

	while (procfs_line(&bytes, &line))
		if (procfs_mapping(line, &map))
			free(procfs_unescape(map.name));
}

static void read_proc(struct bytes bytes)
{
	struct proc_stat stat;
	struct mounts mounts = {};
	struct owner owner = owner_from_cgroup(procfs_cgroup(bytes));

	procfs_stat(bytes, &stat);
	mounts_parse(bytes, &mounts);
	mounts_may_hang(&mounts, "/usr/lib/a");
	mounts_free(&mounts);
	owner_free(&owner);
}

static void read_boot(struct bytes bytes, const char *text)
{
	char *why;

	free(kernel_image_text(bytes));
	free(kernel_version_of(text));
	free(grub_next(text, text, &why));
	free(why);
	microcode_intel(bytes, 0x906ea, 2);
	microcode_amd(bytes, 0xa20f10);
	version_compare(text, "1:2.0~rc1-3");
}

static void read_packages(const char *text, size_t size)
{
	struct advise_update_vec updates = {};

	err_free(transaction_parse(text, size, &updates));
	advise_apt_parse(text, &updates);
	advise_dnf_parse_check_update(text, &updates);
	advise_update_vec_free(&updates);
}

static void read_rules(const char *text)
{
	struct rule_vec rules = {};
	scope_str_vec cves = {};

	err_free(rules_parse("fuzz", text, &rules));
	rule_vec_free(&rules);
	coverage_changelog_fixes(text, "6.1.9-1", "6.1.1-1", &cves);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;

	/* The copy has exactly the size of the text, so that a read past the end is noticed. */
	scope_free uint8_t *bare = xmemdup(data + 1, size - 1);
	scope_free char *text = xstrndup((const char *)data + 1, size - 1);
	struct bytes bytes = {bare, size - 1};

	switch (*data % 5) {
	case 0:
		read_maps(bytes);
		break;
	case 1:
		read_proc(bytes);
		break;
	case 2:
		read_boot(bytes, text);
		break;
	case 3:
		read_packages(text, strlen(text));
		break;
	default:
		read_rules(text);
	}
	return 0;
}
