/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Exercises the kernel's code for files, folders, mounts and pipes. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "exercise.h"

#define DIR_NAME "/tmp/exercise"
#define FILE_NAME DIR_NAME ".file"

static char file_buf[8192];

static void file_io(void)
{
	int fd = open(FILE_NAME, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	struct iovec parts[] = {{file_buf, 100}, {file_buf + 200, 3000}};

	(void)!write(fd, file_buf, sizeof(file_buf));
	(void)!pread(fd, file_buf, 100, 4000);
	(void)!pwrite(fd, file_buf, 100, 9000);
	lseek(fd, 0, SEEK_SET);
	(void)!readv(fd, parts, 2);
	(void)!writev(fd, parts, 2);
	lseek(fd, 0, SEEK_HOLE);
	(void)!ftruncate(fd, 5000);
	fallocate(fd, 0, 0, 20000);
	fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 4096, 4096);
	posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	readahead(fd, 0, 4096);
	fsync(fd);
	fdatasync(fd);
	sync_file_range(fd, 0, 4096, SYNC_FILE_RANGE_WRITE);
	close(fd);
	unlink(FILE_NAME);
}

static void ex_map_file(void)
{
	int fd = open(FILE_NAME, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	(void)!ftruncate(fd, 16384);

	char *map = mmap(NULL, 16384, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (map != MAP_FAILED) {
		map[5000] = map[0] + 1;
		msync(map, 16384, MS_SYNC);
		munmap(map, 16384);
	}
	close(fd);
	unlink(FILE_NAME);
}

static void file_names(void)
{
	struct stat st;
	struct statx stx;
	struct timespec times[2] = {{1, 0}, {2, 0}};

	close(open(FILE_NAME, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	stat(FILE_NAME, &st);
	lstat(FILE_NAME, &st);
	statx(AT_FDCWD, FILE_NAME, 0, STATX_ALL, &stx);
	access(FILE_NAME, R_OK);
	chmod(FILE_NAME, 0640);
	(void)!chown(FILE_NAME, 1, 1);
	utimensat(AT_FDCWD, FILE_NAME, times, 0);
	(void)!link(FILE_NAME, FILE_NAME "2");
	(void)!symlink(FILE_NAME, FILE_NAME "3");
	(void)!readlink(FILE_NAME "3", file_buf, sizeof(file_buf));
	rename(FILE_NAME "2", FILE_NAME "4");
	renameat2(AT_FDCWD, FILE_NAME, AT_FDCWD, FILE_NAME "4", RENAME_EXCHANGE);
	(void)!truncate(FILE_NAME, 10);
	unlink(FILE_NAME "3");
	unlink(FILE_NAME "4");
	unlink(FILE_NAME);
}

static void folders(void)
{
	mkdir(DIR_NAME, 0700);
	mkdir(DIR_NAME "/a", 0700);
	close(open(DIR_NAME "/b", O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	mknod(DIR_NAME "/c", S_IFCHR | 0600, 0x103);

	int fd = open(DIR_NAME, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	syscall(SYS_getdents64, fd, file_buf, sizeof(file_buf));
	lseek(fd, 1, SEEK_SET);
	syscall(SYS_getdents64, fd, file_buf, 64);
	lseek(fd, 0, SEEK_SET);
	(void)!fchdir(fd);
	(void)!getcwd(file_buf, sizeof(file_buf));
	(void)!chdir("/tmp");
	umask(umask(022));
	close(fd);
	unlink(DIR_NAME "/c");
	unlink(DIR_NAME "/b");
	rmdir(DIR_NAME "/a");
	rmdir(DIR_NAME);
}

static void locks(void)
{
	int fd = open(FILE_NAME, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	struct flock lock = {.l_type = F_WRLCK, .l_len = 10};

	flock(fd, LOCK_EX | LOCK_NB);
	fcntl(fd, F_SETLK, &lock);
	fcntl(fd, F_GETLK, &lock);
	fcntl(fd, F_OFD_SETLK, &lock);
	fcntl(fd, F_SETLEASE, F_RDLCK);
	fcntl(fd, F_SETLEASE, F_UNLCK);
	flock(fd, LOCK_UN);
	close(fd);
	unlink(FILE_NAME);
}

static void attributes(void)
{
	close(open(FILE_NAME, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	setxattr(FILE_NAME, "trusted.suture", "value", 5, 0);
	setxattr(FILE_NAME, "user.suture", "value", 5, 0);
	getxattr(FILE_NAME, "trusted.suture", file_buf, sizeof(file_buf));
	listxattr(FILE_NAME, file_buf, sizeof(file_buf));
	removexattr(FILE_NAME, "trusted.suture");
	unlink(FILE_NAME);
}

static void descriptors(void)
{
	int fd = open("/dev/zero", O_RDWR | O_CLOEXEC), two = dup(fd);
	int size = 0;

	(void)!read(fd, file_buf, 4096);
	(void)!write(two, file_buf, 4096);
	dup3(fd, two, O_CLOEXEC);
	fcntl(fd, F_GETFL);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	fcntl(fd, F_DUPFD, 100);
	ioctl(fd, FIONREAD, &size);
	syscall(SYS_close_range, two, two, 0);
	close(fd);
	syscall(SYS_close_range, 100, 120, 0);
	fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
	(void)!read(fd, file_buf, 64);
	close(fd);
	syscall(SYS_getrandom, file_buf, 64, 0);
	fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	(void)!write(fd, file_buf, 64);
	(void)!read(fd, file_buf, 64);
	close(fd);
}

static void copies(void)
{
	int from = memfd_create("suture", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	int to = open(FILE_NAME, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	off_t at = 0, out = 0;

	(void)!write(from, file_buf, sizeof(file_buf));
	sendfile(to, from, &at, 4096);
	at = 0;
	copy_file_range(from, &at, to, &out, 4096, 0);
	fcntl(from, F_ADD_SEALS, F_SEAL_SHRINK);
	close(from);
	close(to);
	unlink(FILE_NAME);
}

static void watches(void)
{
	int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);

	inotify_add_watch(fd, "/tmp", IN_CREATE | IN_DELETE);
	close(open(FILE_NAME, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	unlink(FILE_NAME);
	(void)!read(fd, file_buf, sizeof(file_buf));
	close(fd);
}

/* Nothing needs to be unmounted, as the child that runs this has its own mount namespace. */
static void ex_mounts(void)
{
	static const char *const types[] = {"tmpfs", "proc", "sysfs", "ramfs", "mqueue", "cgroup2"};
	struct statfs fs;

	mkdir(DIR_NAME, 0700);
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (mount("suture", DIR_NAME, types[i], 0, NULL))
			continue;
		statfs(DIR_NAME, &fs);
		umount2(DIR_NAME, MNT_DETACH);
	}
	mount("/tmp", DIR_NAME, NULL, MS_BIND, NULL);
	umount2(DIR_NAME, MNT_DETACH);
	rmdir(DIR_NAME);
}

static void own_files(void)
{
	int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);

	(void)!read(fd, file_buf, sizeof(file_buf));
	close(fd);
	fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
	(void)!read(fd, file_buf, sizeof(file_buf));
	close(fd);
}

const struct exercise file_exercises[] = {
	{"reading and writing files", file_io},
	{"mapped files", ex_map_file},
	{"names of files", file_names},
	{"folders", folders},
	{"file locks", locks},
	{"extended attributes", attributes},
	{"descriptors", descriptors},
	{"copying files", copies},
	{"inotify", watches},
	{"mounting", ex_mounts},
	{"a process's files in /proc", own_files},
	{},
};
