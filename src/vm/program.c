/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Puts a program into the guest, with the interpreter and the shared libraries that it names. */
#include "vm/program.h"

#include <gelf.h>
#include <libelf.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "vm/protocol.h"

#define DEPTH_MAX 16

static const char *const library_dirs[] = {
	"/lib/x86_64-linux-gnu",
	"/usr/lib/x86_64-linux-gnu",
	"/lib64",
	"/usr/lib64",
	"/lib",
	"/usr/lib",
	"/usr/local/lib",
	"/usr/local/lib64",
};

static struct err *add_needs(struct initramfs *fs, const char *host_path, unsigned depth);

static struct err *add_library(struct initramfs *fs, const char *user, const char *name,
			       unsigned depth)
{
	scope_free char *guest_path = xasprintf(GUEST_CHECK_LIBS "/%s", name);

	if (initramfs_has(fs, guest_path))
		return NULL;
	for (size_t i = 0; i < array_size(library_dirs); i++) {
		scope_free char *path = xasprintf("%s/%s", library_dirs[i], name);

		if (!file_exists(path))
			continue;

		err_try(initramfs_add_file(fs, guest_path, 0755, path));
		return add_needs(fs, path, depth + 1);
	}
	return err_new(
		"%s: needs %s, which is not in /lib or /usr/lib: link the program statically", user,
		name);
}

static struct err *add_libraries(struct initramfs *fs, const char *path, Elf *elf, Elf_Scn *scn,
				 const GElf_Shdr *shdr, unsigned depth)
{
	Elf_Data *data = elf_getdata(scn, NULL);
	size_t count = data && shdr->sh_entsize ? shdr->sh_size / shdr->sh_entsize : 0;

	for (size_t i = 0; i < count; i++) {
		GElf_Dyn dyn;

		if (!gelf_getdyn(data, i, &dyn))
			return err_new("%s: its dynamic section cannot be read", path);
		if (dyn.d_tag != DT_NEEDED)
			continue;

		const char *name = elf_strptr(elf, shdr->sh_link, dyn.d_un.d_val);

		if (!name || strchr(name, '/'))
			return err_new("%s: its dynamic section cannot be read", path);
		err_try(add_library(fs, path, name, depth));
	}
	return NULL;
}

static struct err *add_interpreter(struct initramfs *fs, const char *path, Elf *elf,
				   struct bytes bytes)
{
	GElf_Phdr phdr;
	size_t count = 0;

	elf_getphdrnum(elf, &count);
	for (size_t i = 0; i < count; i++) {
		if (!gelf_getphdr(elf, i, &phdr))
			return err_new("%s: its program headers cannot be read", path);
		if (phdr.p_type != PT_INTERP)
			continue;

		const char *interpreter = bytes_string(bytes, phdr.p_offset);

		if (!interpreter || *interpreter != '/')
			return err_new("%s: its interpreter cannot be read", path);
		err_try(initramfs_add_file(fs, interpreter + 1, 0755, interpreter));
	}
	return NULL;
}

static struct err *add_elf_needs(struct initramfs *fs, const char *path, Elf *elf,
				 struct bytes bytes, unsigned depth)
{
	Elf_Scn *scn = NULL;
	GElf_Shdr shdr;

	err_try(add_interpreter(fs, path, elf, bytes));
	while ((scn = elf_nextscn(elf, scn))) {
		if (gelf_getshdr(scn, &shdr) && shdr.sh_type == SHT_DYNAMIC)
			err_try(add_libraries(fs, path, elf, scn, &shdr, depth));
	}
	return NULL;
}

/* Adds the interpreter that a script's first line, "#!INTERPRETER [ARGUMENT]", names. */
static struct err *add_script_needs(struct initramfs *fs, const char *path, struct bytes bytes,
				    unsigned depth)
{
	size_t size = bytes.size < 256 ? bytes.size : 256;
	scope_free char *line = xstrndup((const char *)bytes.data + 2, size - 2);

	line[strcspn(line, "\n")] = '\0';

	const char *interpreter = line + strspn(line, " \t");

	line[interpreter - line + strcspn(interpreter, " \t")] = '\0';
	if (*interpreter != '/')
		return err_new("%s: its first line names no interpreter", path);
	err_try(err_wrap(initramfs_add_file(fs, interpreter + 1, 0755, interpreter), "%s", path));
	return add_needs(fs, interpreter, depth + 1);
}

static struct err *add_needs(struct initramfs *fs, const char *host_path, unsigned depth)
{
	scope_file_map map = {};

	if (depth > DEPTH_MAX)
		return err_new("%s: interpreters or libraries are nested too deeply", host_path);
	err_try(file_map(host_path, &map));
	if (map.bytes.size > 2 && !memcmp(map.bytes.data, "#!", 2))
		return add_script_needs(fs, host_path, map.bytes, depth);
	elf_version(EV_CURRENT);

	Elf *elf = elf_memory((char *)map.bytes.data, map.bytes.size);
	struct err *err =
		elf && elf_kind(elf) == ELF_K_ELF
			? add_elf_needs(fs, host_path, elf, map.bytes, depth)
			: err_new("%s: this is neither an ELF program nor a script with #!",
				  host_path);

	elf_end(elf);
	return err;
}

struct err *program_add(struct initramfs *fs, const char *name, const char *host_path)
{
	err_try(initramfs_add_file(fs, name, 0755, host_path));
	return add_needs(fs, host_path, 0);
}
