/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads and writes the hold, the mark of a level that is not settled, and the lock of runs. */
#include "auto/marks.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "auto/state.h"
#include "base/alloc.h"
#include "base/json.h"
#include "live/state.h"

#define HOLD_FILE AUTO_DIR "/hold.json"
#define MARK_FILE AUTO_DIR "/mark.json"
#define LOCK_FILE LIVE_RUN "/auto.lock"

void auto_hold_read(const struct root *root, char **why, bool *damaged)
{
	scope_json object = NULL;

	*why = NULL;

	struct err *err = live_state_read(root, HOLD_FILE, "run 'suture auto release'", &object);

	if (damaged)
		*damaged = err != NULL;
	if (err)
		*why = xstrdup(err_message(err));
	else if (object)
		*why = live_state_text(object, "why");
	err_free(err);
}

struct err *auto_hold_write(const struct root *root, const char *why)
{
	return live_state_write(root, HOLD_FILE,
				json_pack("{s:s, s:o}", "schema", "suture.auto-hold/1", "why",
					  printable_json(why)));
}

struct err *auto_hold_remove(const struct root *root)
{
	return root_remove(root, HOLD_FILE);
}

struct err *auto_mark_read(const struct root *root, const char *boot_id, bool *down)
{
	scope_json object = NULL;
	scope_free char *boot = NULL;

	*down = false;
	err_try(live_state_read(root, MARK_FILE, "run 'suture auto release'", &object));
	if (!object)
		return NULL;
	boot = live_state_text(object, "boot_id");
	*down = strcmp(boot, boot_id) != 0;
	return NULL;
}

struct err *auto_mark_write(const struct root *root, const char *boot_id)
{
	return live_state_write(root, MARK_FILE,
				json_pack("{s:s, s:o}", "schema", "suture.auto-mark/1", "boot_id",
					  printable_json(boot_id)));
}

struct err *auto_mark_remove(const struct root *root)
{
	return root_remove(root, MARK_FILE);
}

struct err *auto_lock(const struct root *root, int *fd)
{
	err_try(root_make_dir(root, LIVE_RUN));
	err_try(live_state_trusted(root, LIVE_RUN));
	*fd = root_openat(root, LOCK_FILE, O_RDWR | O_CREAT | O_NOFOLLOW, 0600);
	if (*fd < 0)
		return err_errno(-*fd, "%s", LOCK_FILE);
	if (!flock(*fd, LOCK_EX | LOCK_NB))
		return NULL;

	int error = errno;

	close(*fd);
	*fd = -1;
	return error == EWOULDBLOCK ? NULL : err_errno(error, "%s", LOCK_FILE);
}
