/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files of state that something has damaged: the same bytes in the place of each of them. */
#include <stdio.h>
#include <stdlib.h>

#include "live/unlock.h"
#include "live/guard.h"
#include "live/machine.h"
#include "live/patches.h"
#include "live/paths.h"
#include "live/store.h"
#include "base/file.h"
#include "base/tempdir.h"

#define RELEASE "6.1.0-9-amd64"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *dir;
static struct root *root;

static void put(const char *path, const uint8_t *data, size_t size)
{
	scope_free char *whole = xasprintf("%s%s", dir, path);

	err_free(file_write_scratch(whole, data, size));
}

static void close_machine(void)
{
	root_free(root);
	dir_temp_cleanup(&dir);
}

static void open_machine(void)
{
	static const char *const folders[] = {LIVE_STATE "/" RELEASE, LIVE_STATE "/held",
					      LIVE_RUN "/loaded", "/sys/module/a",
					      "/sys/kernel/livepatch/a"};

	err_free(dir_temp("/dev/shm", "suture-fuzz", &dir));
	if (!dir)
		abort();
	for (size_t i = 0; i < array_size(folders); i++) {
		scope_free char *folder = xasprintf("%s%s", dir, folders[i]);

		err_free(dir_make(folder));
	}
	err_free(root_open(dir, &root));
	atexit(close_machine);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const files[] = {LIVE_STATE "/loading.json",
					    LIVE_STATE "/" RELEASE "/installed.json",
					    LIVE_STATE "/held/0.json", LIVE_RUN "/loaded/a.json"};
	struct live_machine machine = {.release = RELEASE, .boot_id = "7"};
	scope_live_installed installed = {};
	scope_live_blocks blocks = {};
	scope_live_patches patches = NULL;
	scope_live_watch watch = NULL;

	if (!root)
		open_machine();
	for (size_t i = 0; i < array_size(files); i++)
		put(files[i], data, size);
	err_free(live_installed_read(root, RELEASE, &installed));
	err_free(live_blocks_read(root, &blocks));
	err_free(live_patches_read(root, &patches));
	if (patches)
		err_free(live_watch_read(root, &machine, patches, &watch));
	free(live_watch_lost(watch));
	return 0;
}
