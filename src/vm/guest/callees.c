/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Traces the functions that a patch's code calls, by their returns: the graph tracer replaces
 * return addresses by one of its own, and the kernel has to find the original ones when it reads
 * the stacks of tasks.
 *
 * The functions are those that the module refers to and does not define.  Tracing the whole kernel
 * instead takes minutes under emulation, and makes it so slow that its watchdogs report lockups.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "modules.h"
#include "step.h"
#include "util.h"

#define TRACING "/sys/kernel/tracing/"
#define KLP_PREFIX ".klp.sym.vmlinux."
#define SHN_LIVEPATCH 0xff20
#define CALLEES_MAX 24

static bool callee_append(const char *file, const char *text)
{
	int fd = open(file, O_WRONLY | O_APPEND | O_CLOEXEC);

	if (fd < 0)
		return false;

	ssize_t put = write(fd, text, strlen(text));

	/* If the text matches nothing, write() or close() fails. */
	return !close(fd) && put == (ssize_t)strlen(text);
}

/* Adds the function of a module's symbol to those traced; returns false if it cannot be traced. */
static bool callee_trace(const char *symbol)
{
	char name[300];

	if (!strncmp(symbol, KLP_PREFIX, strlen(KLP_PREFIX)))
		symbol += strlen(KLP_PREFIX);
	snprintf(name, sizeof(name), "%.*s\n", (int)strcspn(symbol, ","), symbol);
	return *name > '\n' && callee_append(TRACING "set_ftrace_filter", name);
}

static unsigned callees_of_table(const unsigned char *data, size_t size, const Elf64_Shdr *table,
				 const Elf64_Shdr *strings)
{
	unsigned count = 0;

	if (table->sh_offset > size || table->sh_size > size - table->sh_offset ||
	    strings->sh_offset > size || strings->sh_size > size - strings->sh_offset)
		return 0;
	for (size_t i = 0; i < table->sh_size / sizeof(Elf64_Sym) && count < CALLEES_MAX; i++) {
		const Elf64_Sym *symbol = (const void *)(data + table->sh_offset);

		symbol += i;
		if ((symbol->st_shndx == SHN_UNDEF || symbol->st_shndx == SHN_LIVEPATCH) &&
		    symbol->st_name && symbol->st_name < strings->sh_size)
			count += callee_trace((const char *)data + strings->sh_offset +
					      symbol->st_name);
	}
	return count;
}

static unsigned callees_trace(const unsigned char *data, size_t size)
{
	const Elf64_Ehdr *head = (const void *)data;
	const Elf64_Shdr *sections = (const void *)(data + head->e_shoff);

	if (head->e_shoff > size || head->e_shnum > (size - head->e_shoff) / sizeof(*sections))
		return 0;
	for (unsigned i = 0; i < head->e_shnum; i++) {
		if (sections[i].sh_type == SHT_SYMTAB && sections[i].sh_link < head->e_shnum)
			return callees_of_table(data, size, &sections[i],
						&sections[sections[i].sh_link]);
	}
	return 0;
}

/*
 * callees FILE: traces the functions that the module calls, by their returns, and puts a return
 * probe on a function that most tasks sleep in, if the kernel can handle that.  `trace off` removes
 * both.
 */
bool verb_callees(const struct step *step, struct event *ev)
{
	size_t size = 0;
	unsigned char *data = module_file_bytes(step->argv[1], &size);
	unsigned count;
	/*
	 * Older kernels warn of such a probe during a transition if a task that they check has just
	 * been woken: WARN_ON_ONCE() in rethook_find_ret_addr(), kernel/trace/rethook.c (6.1).
	 */
	bool returns = kernel_since(6, 12);

	guest_write_text(TRACING "buffer_size_kb", "64");
	callee_append(TRACING "set_ftrace_filter", "schedule_timeout\n");
	count = data ? callees_trace(data, size) : 0;
	free(data);
	if (returns) {
		callee_append(TRACING "kprobe_events", "r:suturetrace/callee schedule_timeout\n");
		guest_write_text(TRACING "events/suturetrace/callee/enable", "1");
	}
	event_num(ev, KEY_TRACED, count);
	/* Without a name in its filter, the tracer would trace all functions. */
	return count && !guest_write_text(TRACING "current_tracer", "function_graph");
}
