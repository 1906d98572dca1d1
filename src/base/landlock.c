/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Makes Landlock rulesets. The kernel is first asked for the number of its ABI and gets only rights
 * that this ABI has, since it refuses a ruleset with an unknown bit.
 */
#include "base/landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/alloc.h"

/* The kernel headers of some distributions do not have these constants yet. */
#define ACCESS_REFER (1ULL << 13)
#define ACCESS_TRUNCATE (1ULL << 14)
#define ACCESS_IOCTL_DEV (1ULL << 15)
#define ACCESS_NET (3ULL) /* bind and connect, TCP */
#define SCOPE_ALL (3ULL)  /* abstract sockets and signals */
#define ABI_REFER 2
#define ABI_TRUNCATE 3
#define ABI_NET 4
#define ABI_IOCTL_DEV 5
#define ABI_SCOPE 6

#define ACCESS_READ                                                                                \
	(LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
/* No build creates devices or sockets. */
#define ACCESS_WRITE                                                                               \
	(ACCESS_READ | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |             \
	 LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_DIR |                            \
	 LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_FIFO |                              \
	 LANDLOCK_ACCESS_FS_MAKE_SYM | ACCESS_REFER | ACCESS_TRUNCATE)
#define ACCESS_FILE                                                                                \
	(LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE |                               \
	 LANDLOCK_ACCESS_FS_WRITE_FILE | ACCESS_TRUNCATE)
#define ACCESS_FIRST_ABI ((1ULL << 13) - 1)

/* This is all of struct landlock_ruleset_attr; the kernel gets the size that its ABI has. */
struct ruleset_attr {
	uint64_t access_fs, access_net, scoped;
};

/*
 * Returns the version of the ABI that the kernel supports, or 0 if it has no Landlock or Landlock
 * is disabled.
 */
static int landlock_abi(void)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);

	return abi > 0 ? (int)abi : 0;
}

static uint64_t handled_access(int abi)
{
	return ACCESS_FIRST_ABI | (abi >= ABI_REFER ? ACCESS_REFER : 0) |
	       (abi >= ABI_TRUNCATE ? ACCESS_TRUNCATE : 0) |
	       (abi >= ABI_IOCTL_DEV ? ACCESS_IOCTL_DEV : 0);
}

static bool let_through(int ruleset, const struct sandbox_path *path, uint64_t handled)
{
	scope_close int fd = open(path->from ? path->from : path->path, O_PATH | O_CLOEXEC);
	struct landlock_path_beneath_attr rule = {
		.allowed_access = (path->write ? ACCESS_WRITE : ACCESS_READ) & handled &
				  (path->is_dir ? ~0ULL : ACCESS_FILE),
		.parent_fd = fd,
	};

	return fd >= 0 &&
	       !syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
}

int landlock_ruleset(const struct sandbox_path_vec *paths)
{
	int abi = landlock_abi();
	uint64_t handled = handled_access(abi);
	struct ruleset_attr attr = {handled, ACCESS_NET, SCOPE_ALL};
	size_t size = abi >= ABI_SCOPE ? 24 : abi >= ABI_NET ? 16 : 8;
	int ruleset = abi ? (int)syscall(SYS_landlock_create_ruleset, &attr, size, 0) : -1;

	if (!abi)
		errno = EOPNOTSUPP;
	for (size_t i = 0; ruleset >= 0 && i < paths->len; i++) {
		if (paths->data[i].link_only || let_through(ruleset, &paths->data[i], handled))
			continue;

		int error = errno;

		close(ruleset);
		errno = error;
		return -1;
	}
	/* Linux opens this descriptor close-on-exec. */
	return ruleset;
}

bool landlock_enter(int ruleset)
{
	return !syscall(SYS_landlock_restrict_self, ruleset, 0);
}
