/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Exercises the kernel's code for mappings and memory policies. */
#include <fcntl.h>
#include <linux/mempolicy.h>
#include <stdint.h>
#include <linux/userfaultfd.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "exercise.h"

#define PAGE 4096
#define SIZE (32 * PAGE)

static char *ex_take_memory(void)
{
	char *map = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return map == MAP_FAILED ? NULL : map;
}

static void maps(void)
{
	char *map = ex_take_memory(), *other;
	unsigned char present[SIZE / PAGE];

	if (!map)
		return;
	memset(map, 1, SIZE);
	mprotect(map + PAGE, PAGE, PROT_READ);
	mprotect(map + PAGE, PAGE, PROT_READ | PROT_WRITE);
	mincore(map, SIZE, present);
	mlock(map, PAGE);
	munlock(map, PAGE);
	other = mremap(map, SIZE, 2 * SIZE, MREMAP_MAYMOVE);
	if (other != MAP_FAILED)
		munmap(other, 2 * SIZE);
	mlock2(map, PAGE, MLOCK_ONFAULT);
	(void)!sbrk(PAGE);
	(void)!sbrk(-PAGE);
}

static void advice(void)
{
	static const int kinds[] = {MADV_SEQUENTIAL,  MADV_WILLNEED,   MADV_HUGEPAGE,
				    MADV_FREE,	      MADV_COLD,       MADV_PAGEOUT,
				    MADV_DONTFORK,    MADV_MERGEABLE,  MADV_NOHUGEPAGE,
				    MADV_UNMERGEABLE, MADV_WIPEONFORK, MADV_DONTNEED};
	char *map = ex_take_memory();

	if (!map)
		return;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		map[0] = map[PAGE] = 1;
		madvise(map, SIZE, kinds[i]);
	}
	munmap(map, SIZE);
}

static void ex_policies(void)
{
	unsigned long nodes = 1, got = 0;
	int mode, status = 0;
	char *map = ex_take_memory();
	void *pages[] = {map};

	if (!map)
		return;
	map[0] = 1;
	syscall(SYS_mbind, map, SIZE, MPOL_BIND, &nodes, 2ul, MPOL_MF_MOVE);
	syscall(SYS_mbind, map + PAGE, PAGE, MPOL_PREFERRED, &nodes, 2ul, 0);
	syscall(SYS_get_mempolicy, &mode, &got, 64ul, map, (unsigned long)MPOL_F_ADDR);
	syscall(SYS_set_mempolicy, MPOL_INTERLEAVE, &nodes, 2ul);
	map[2 * PAGE] = 1;
	syscall(SYS_set_mempolicy, MPOL_DEFAULT, NULL, 0ul);
	syscall(SYS_move_pages, 0, 1ul, pages, NULL, &status, 0);
	syscall(SYS_migrate_pages, 0, 2ul, &nodes, &nodes);
	munmap(map, SIZE);
}

static void between_processes(void)
{
	char text[64] = "";
	struct iovec here = {text, sizeof(text)}, there = {text, sizeof(text)};

	process_vm_readv(getpid(), &here, 1, &there, 1, 0);
	process_vm_writev(getpid(), &here, 1, &there, 1, 0);
}

static void user_faults(void)
{
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);
	struct uffdio_api api = {.api = UFFD_API};
	char *map = ex_take_memory();

	if (map && fd >= 0) {
		struct uffdio_register area = {.range = {(uintptr_t)map, SIZE},
					       .mode = UFFDIO_REGISTER_MODE_MISSING};
		struct uffdio_zeropage zero = {.range = {(uintptr_t)map, PAGE}};

		ioctl(fd, UFFDIO_API, &api);
		ioctl(fd, UFFDIO_REGISTER, &area);
		ioctl(fd, UFFDIO_ZEROPAGE, &zero);
		ioctl(fd, UFFDIO_UNREGISTER, &area.range);
	}
	if (map)
		munmap(map, SIZE);
	close(fd);
}

static void secrets(void)
{
	int fd = syscall(SYS_memfd_secret, O_CLOEXEC);

	if (fd < 0)
		return;
	(void)!ftruncate(fd, PAGE);

	char *map = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (map != MAP_FAILED) {
		*map = 1;
		munmap(map, PAGE);
	}
	close(fd);
}

/* Maps more than one page table covers, so that large pages and page tables are used and freed. */
static void large(void)
{
	size_t size = 8 << 20;
	char *map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (map == MAP_FAILED)
		return;
	for (size_t at = 0; at < size; at += 16 * PAGE)
		map[at] = 1;
	munmap(map, size);
}

const struct exercise memory_exercises[] = {
	{"mapping memory", maps},	  {"madvise", advice},
	{"memory policies", ex_policies}, {"memory of other processes", between_processes},
	{"userfaultfd", user_faults},	  {"secret memory", secrets},
	{"large mappings", large},	  {},
};
