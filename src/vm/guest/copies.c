/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Loads a module once more under another name, since the kernel accepts no two modules of one name.
 * Copies serve the trials with a patch that replaces itself, and with many patches in a stack.
 */
#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "modules.h"
#include "step.h"
#include "util.h"

/* In Linux 4.x to 6.x, struct module (include/linux/module.h) begins: enum, list_head, name. */
#define NAME_OFFSET 24
#define NAME_SIZE 56 /* MODULE_NAME_LEN on 64-bit machines */

/* Finds the name in the module's struct module, which has its own section; NULL if not found. */
static char *find_name(unsigned char *data, size_t size)
{
	const Elf64_Ehdr *head = (const void *)data;
	const Elf64_Shdr *sections = (const void *)(data + head->e_shoff);

	if (head->e_shoff > size || head->e_shnum > (size - head->e_shoff) / sizeof(*sections) ||
	    head->e_shstrndx >= head->e_shnum)
		return NULL;

	const Elf64_Shdr *strings = &sections[head->e_shstrndx];

	for (unsigned i = 0; i < head->e_shnum; i++) {
		const Elf64_Shdr *section = &sections[i];

		if (section->sh_name >= strings->sh_size || strings->sh_offset > size ||
		    strings->sh_size > size - strings->sh_offset || section->sh_offset > size ||
		    section->sh_size > size - section->sh_offset ||
		    section->sh_size < NAME_OFFSET + NAME_SIZE)
			continue;
		if (!strcmp((char *)data + strings->sh_offset + section->sh_name,
			    ".gnu.linkonce.this_module"))
			return (char *)data + section->sh_offset + NAME_OFFSET;
	}
	return NULL;
}

/* copy FILE NAME: loads the module of a file under another name. */
bool verb_copy(const struct step *step, struct event *ev)
{
	size_t size = 0;
	unsigned char *data = module_file_bytes(step->argv[1], &size);
	char *name = data ? find_name(data, size) : NULL;
	int error = name && strlen(step->argv[2]) < NAME_SIZE ? 0 : ENOEXEC;

	if (!error) {
		memset(name, 0, NAME_SIZE);
		strcpy(name, step->argv[2]);
		error = syscall(SYS_init_module, data, size, "") < 0 ? errno : 0;
	}
	free(data);
	if (error)
		event_num(ev, KEY_ERRNO, error);
	return !error;
}
