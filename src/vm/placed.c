/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes a boot image from a kernel that is unpacked and relocated already. */
#include "vm/placed.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/err.h"
#include "base/file.h"
#include "image/image.h"

#define MB (1ull << 20)
#define ALIGN (2 * MB)			 /* CONFIG_PHYSICAL_ALIGN of x86-64 */
#define KERNEL_MAP 0xffffffff80000000ull /* __START_KERNEL_map */
#define KERNEL_MAP_SIZE (1024 * MB)	 /* KERNEL_IMAGE_SIZE where the address is random */
/* How far from its linked address the kernel may be: QEMU reads all that lies before it, too. */
#define PHYSICAL_RANGE (32 * MB)
/* A kernel takes no more memory than so many times its ELF file. */
#define SIZE_FACTOR 2
#define LINKED_USUALLY (16 * MB)
/* Besides the kernel and the initramfs, the guest needs some memory to start with. */
#define MEMORY_SLACK (64 * MB)

/* Where QEMU loads the part behind the real-mode code, which is where that code jumps to. */
#define BASE 0x100000
#define TABLES 0x1000 /* offset of the page tables: one of each level */
#define PAGE 0x1000

/*
 * This code is entered in 32-bit mode with paging off and the boot parameters at %esi. It sets
 * KASLR_FLAG in their loadflags as the decompressor does, so that the kernel chooses its other
 * addresses at random, too, and enters the kernel in 64-bit mode.
 */
extern const uint8_t placed_stub[], placed_stub_entry[], placed_stub_end[];

__asm__(".pushsection .rodata\n"
	"placed_stub:\n"
	"	.code32\n"
	"	cli\n"
	"	cld\n"
	"	orb	$2, 0x211(%esi)\n"
	"	lgdt	0x100000 + (placed_stub_gdt_pointer - placed_stub)\n"
	"	movl	%cr4, %eax\n"
	"	orl	$0x20, %eax\n" /* X86_CR4_PAE */
	"	movl	%eax, %cr4\n"
	"	movl	$0x101000, %eax\n"
	"	movl	%eax, %cr3\n"
	"	movl	$0xc0000080, %ecx\n" /* MSR_EFER */
	"	rdmsr\n"
	"	orl	$0x100, %eax\n" /* EFER_LME */
	"	wrmsr\n"
	"	movl	$0x80000001, %eax\n" /* X86_CR0_PG | X86_CR0_PE */
	"	movl	%eax, %cr0\n"
	"	ljmp	$0x10, $(0x100000 + (placed_stub_64 - placed_stub))\n"
	"placed_stub_64:\n"
	"	.code64\n"
	"	movl	%esi, %esi\n"
	"	.byte	0xb8\n" /* movl $ENTRY, %eax */
	"placed_stub_entry:\n"
	"	.long	0\n"
	"	jmp	*%rax\n"
	"	.balign 8\n"
	"placed_stub_gdt:\n" /* 0x10 is code, 0x18 data, as in the kernel's own table */
	"	.quad	0, 0, 0x00af9a000000ffff, 0x00cf92000000ffff\n"
	"placed_stub_gdt_pointer:\n"
	"	.word	placed_stub_gdt_pointer - placed_stub_gdt - 1\n"
	"	.long	0x100000 + (placed_stub_gdt - placed_stub)\n"
	"placed_stub_end:\n"
	"	.popsection\n");

void placed_free(struct placed_kernel *placed)
{
	free(placed->kernel);
	placed->kernel = NULL;
}

/* ---- the ELF file ---- */

struct segments {
	Elf64_Phdr load[8];
	unsigned count;
};

static bool read_segments(struct bytes elf, const Elf64_Ehdr *head, struct segments *segments)
{
	for (unsigned i = 0; i < head->e_phnum; i++) {
		struct bytes raw;
		Elf64_Phdr *load = &segments->load[segments->count];

		if (segments->count == array_size(segments->load) ||
		    !bytes_slice(elf, head->e_phoff + i * sizeof(*load), sizeof(*load), &raw))
			return false;
		memcpy(load, raw.data, sizeof(*load));
		segments->count += load->p_type == PT_LOAD;
	}
	return segments->count > 0;
}

/* Sets where the kernel was linked to, and its size; false if it is not linked as on x86-64. */
static bool measure(const struct segments *segments, uint64_t elf_size,
		    struct placed_kernel *placed)
{
	uint64_t end = 0;

	placed->linked = segments->load[0].p_paddr;
	for (unsigned i = 0; i < segments->count; i++) {
		const Elf64_Phdr *load = &segments->load[i];

		if (load->p_paddr < placed->linked || load->p_memsz > KERNEL_MAP_SIZE ||
		    load->p_paddr > KERNEL_MAP_SIZE || load->p_filesz > load->p_memsz)
			return false;
		if (load->p_paddr + load->p_memsz > end)
			end = load->p_paddr + load->p_memsz;
	}
	placed->size = end - placed->linked;
	return placed->size <= SIZE_FACTOR * elf_size && placed->linked % ALIGN == 0 &&
	       placed->linked >= BASE + ALIGN &&
	       segments->load[0].p_vaddr == KERNEL_MAP + placed->linked;
}

static bool copy_segments(struct bytes elf, const struct segments *segments,
			  struct placed_kernel *placed)
{
	placed->kernel = xcalloc(1, placed->size);
	for (unsigned i = 0; i < segments->count; i++) {
		const Elf64_Phdr *load = &segments->load[i];
		struct bytes bytes;

		if (!bytes_slice(elf, load->p_offset, load->p_filesz, &bytes))
			return false;
		if (bytes.size)
			memcpy(placed->kernel + (load->p_paddr - placed->linked), bytes.data,
			       bytes.size);
	}
	return true;
}

/* ---- relocations ---- */

/* How the numbers of a list are changed: those of 64 or 32 bits grow, per-CPU distances shrink. */
enum kind { KIND_64, KIND_DISTANCE, KIND_32 };

static bool relocate(struct placed_kernel *placed, uint32_t address, enum kind kind, uint64_t shift)
{
	uint64_t offset = (uint64_t)(int64_t)(int32_t)address - KERNEL_MAP - placed->linked;
	size_t width = kind == KIND_64 ? 8 : 4;
	uint64_t value = 0;

	if (offset >= placed->size || placed->size - offset < width)
		return false;
	memcpy(&value, placed->kernel + offset, width);
	value += kind == KIND_DISTANCE ? -shift : shift;
	memcpy(placed->kernel + offset, &value, width);
	return true;
}

/*
 * Behind the ELF file there is a zero and a list for each kind, ended by a zero each but the last
 * one (arch/x86/tools/relocs.c). Since 6.15 there are no per-CPU distances.
 */
static bool apply_relocations(struct bytes lists, struct placed_kernel *placed, uint64_t shift)
{
	static const enum kind with_distances[] = {KIND_64, KIND_DISTANCE, KIND_32};
	static const enum kind without[] = {KIND_64, KIND_32};
	struct cursor words = cursor_at(lists, 0);
	unsigned zeros = 0;

	if (lists.size < 8 || lists.size % 4 || cursor_u32(&words))
		return false;
	while (cursor_left(&words))
		zeros += !cursor_u32(&words);
	if (zeros != 1 && zeros != 2)
		return false;

	const enum kind *kind = zeros == 2 ? with_distances : without;

	words = cursor_at(lists, 4);
	while (cursor_left(&words)) {
		uint32_t address = cursor_u32(&words);

		if (!address)
			kind++;
		else if (!relocate(placed, address, *kind, shift))
			return false;
	}
	return true;
}

/* ---- the whole ---- */

bool placed_read(struct bytes packaged, struct bytes elf, uint64_t shift,
		 struct placed_kernel *placed)
{
	struct segments segments = {};
	struct bytes raw, lists;
	Elf64_Ehdr head;

	*placed = (struct placed_kernel){};
	if (!image_real_mode(packaged, &placed->setup) || !bytes_slice(elf, 0, sizeof(head), &raw))
		return false;
	memcpy(&head, raw.data, sizeof(head));

	uint64_t end = head.e_shoff + (uint64_t)head.e_shnum * head.e_shentsize;

	if (memcmp(head.e_ident, ELFMAG, SELFMAG) || head.e_machine != EM_X86_64 ||
	    head.e_shoff > elf.size || end > elf.size ||
	    !bytes_slice(elf, end, elf.size - end, &lists))
		return false;
	if (!read_segments(elf, &head, &segments) || !measure(&segments, elf.size, placed) ||
	    !copy_segments(elf, &segments, placed))
		return false;
	placed->entry = head.e_entry - placed->linked;
	placed->physical = placed->linked;
	return placed->entry < placed->size && apply_relocations(lists, placed, shift);
}

/* Returns a random number below the limit. */
static uint64_t random_below(uint64_t limit)
{
	uint64_t number = 0;

	(void)!getrandom(&number, sizeof(number), 0);
	return limit ? number % limit : 0;
}

uint64_t placed_random_shift(uint64_t elf_size)
{
	uint64_t needed = LINKED_USUALLY + SIZE_FACTOR * elf_size;

	return needed < KERNEL_MAP_SIZE ? random_below((KERNEL_MAP_SIZE - needed) / ALIGN) * ALIGN
					: 0;
}

bool placed_choose(struct placed_kernel *placed, uint64_t memory, uint64_t initramfs)
{
	uint64_t needed = placed->linked + placed->size + initramfs + MEMORY_SLACK;

	if (needed > memory)
		return false;

	uint64_t room = memory - needed < PHYSICAL_RANGE ? memory - needed : PHYSICAL_RANGE;

	placed->physical = placed->linked + random_below(room / ALIGN + 1) * ALIGN;
	return true;
}

static void set_u64(uint8_t *at, uint64_t value)
{
	memcpy(at, &value, sizeof(value));
}

/* Fills in tables that map the first GB to itself, with pages of 2 MB. */
static void map_first_gb(uint8_t *tables)
{
	set_u64(tables, (BASE + TABLES + PAGE) | 3); /* 3 marks an entry as present and writable */
	set_u64(tables + PAGE, (BASE + TABLES + 2 * PAGE) | 3);
	for (unsigned i = 0; i < 512; i++)
		set_u64(tables + 2 * PAGE + 8 * i,
			i * ALIGN | 0x83); /* 0x80 also makes it a large page */
}

/* Writes bytes at an offset, but leaves out pages of zeros, which a file has where it has holes. */
static struct err *write_sparsely(int fd, const char *path, struct bytes bytes, uint64_t offset)
{
	static const uint8_t zeros[16 * PAGE];

	for (size_t at = 0; at < bytes.size; at += sizeof(zeros)) {
		size_t size = bytes.size - at < sizeof(zeros) ? bytes.size - at : sizeof(zeros);

		if (memcmp(bytes.data + at, zeros, size) &&
		    pwrite(fd, bytes.data + at, size, offset + at) != (ssize_t)size)
			return err_errno(errno, "%s", path);
	}
	return ftruncate(fd, offset + bytes.size) < 0 ? err_errno(errno, "%s", path) : NULL;
}

struct err *placed_write(const struct placed_kernel *placed, const char *path)
{
	scope_close int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	uint64_t base = placed->setup.size;
	uint32_t entry = placed->physical + placed->entry;
	uint8_t start[TABLES + 3 * PAGE] = {};

	if (fd < 0)
		return err_errno(errno, "%s", path);
	memcpy(start, placed_stub, placed_stub_end - placed_stub);
	memcpy(start + (placed_stub_entry - placed_stub), &entry, sizeof(entry));
	map_first_gb(start + TABLES);
	err_try(write_sparsely(fd, path, placed->setup, 0));
	err_try(write_sparsely(fd, path, (struct bytes){start, sizeof(start)}, base));
	return write_sparsely(fd, path, (struct bytes){placed->kernel, placed->size},
			      base + placed->physical - BASE);
}
