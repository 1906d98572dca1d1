/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads microcode files, in the formats that the kernel's loaders read
 * (arch/x86/kernel/cpu/microcode/{intel,amd}.c).
 */
#include "advise/microcode.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "advise/boot_time.h"

#define INTEL_HEADER 48
#define INTEL_DEFAULT_DATA 2000
#define AMD_MAGIC 0x00414d44u
#define AMD_EQUIVALENCE 0
#define AMD_PATCH 1
#define MAX_FILE (32u << 20)

static bool intel_fits(uint32_t signature, uint32_t flags, uint32_t file_signature,
		       uint32_t file_flags)
{
	return signature == file_signature && (!flags || !file_flags || (flags & file_flags));
}

/* Returns whether the table after the data, of further processors, contains the processor. */
static bool intel_extended(struct bytes blob, uint64_t data, uint32_t signature, uint32_t flags)
{
	struct cursor cur = cursor_at(blob, INTEL_HEADER + data);
	uint32_t count = cursor_u32(&cur);

	cursor_skip(&cur, 16);
	for (uint32_t i = 0; i < count && !cur.overrun; i++) {
		uint32_t file_signature = cursor_u32(&cur), file_flags = cursor_u32(&cur);

		cursor_skip(&cur, 4);
		if (!cur.overrun && intel_fits(signature, flags, file_signature, file_flags))
			return true;
	}
	return false;
}

uint32_t microcode_intel(struct bytes file, uint32_t signature, uint32_t flags)
{
	uint32_t best = 0;
	uint64_t at = 0;

	while (at + INTEL_HEADER <= file.size) {
		struct cursor cur = cursor_at(file, at);
		uint32_t version = cursor_u32(&cur), revision = cursor_u32(&cur);

		cursor_skip(&cur, 4); /* the date */

		uint32_t file_signature = cursor_u32(&cur);

		cursor_skip(&cur, 8); /* the checksum and the loader's revision */

		uint32_t file_flags = cursor_u32(&cur), data = cursor_u32(&cur),
			 total = cursor_u32(&cur);
		struct bytes blob;

		if (!data) {
			data = INTEL_DEFAULT_DATA;
			total = INTEL_DEFAULT_DATA + INTEL_HEADER;
		}
		if (version != 1 || total < INTEL_HEADER || !bytes_slice(file, at, total, &blob))
			break;
		if ((intel_fits(signature, flags, file_signature, file_flags) ||
		     (total > (uint64_t)data + INTEL_HEADER &&
		      intel_extended(blob, data, signature, flags))) &&
		    revision > best)
			best = revision;
		at += total;
	}
	return best;
}

/* Returns the number by which patches refer to a processor; 0 if there is none. */
static uint16_t amd_equivalent(struct bytes table, uint32_t signature)
{
	struct cursor cur = cursor_at(table, 0);

	while (cursor_left(&cur) >= 16) {
		uint32_t installed = cursor_u32(&cur);

		cursor_skip(&cur, 8); /* the errata mask and compare values */

		uint16_t number = cursor_u16(&cur);

		cursor_skip(&cur, 2);
		if (!installed)
			break;
		if (installed == signature)
			return number;
	}
	return 0;
}

uint32_t microcode_amd(struct bytes file, uint32_t signature)
{
	struct cursor cur = cursor_at(file, 0);
	uint16_t number = 0;
	uint32_t best = 0;

	while (cursor_left(&cur) >= 8) {
		struct cursor ahead = cur;

		if (cursor_u32(&ahead) == AMD_MAGIC) { /* a file may join several containers */
			cursor_skip(&cur, 4);
			number = 0;
		}

		uint32_t type = cursor_u32(&cur), size = cursor_u32(&cur);
		struct bytes section;

		if (cur.overrun || !bytes_slice(file, cur.pos, size, &section))
			break;
		cursor_skip(&cur, size);
		if (type == AMD_EQUIVALENCE)
			number = amd_equivalent(section, signature);
		if (type != AMD_PATCH || !number)
			continue;

		struct cursor id = cursor_at(section, 4), processor = cursor_at(section, 24);
		uint32_t revision = cursor_u32(&id);

		if (cursor_u16(&processor) == number && !processor.overrun && revision > best)
			best = revision;
	}
	return best;
}

struct processor {
	bool intel, amd, guest;
	unsigned family, model, stepping;
	uint32_t revision;
};

static bool cpuinfo_value(const char *text, const char *name, unsigned long *value)
{
	scope_free char *key = xasprintf("\n%s", name);
	const char *at = strstr(text, key);

	at = at ? at + strlen(key) + strspn(at + strlen(key), " \t") : NULL;
	if (!at || *at != ':')
		return false;
	*value = strtoul(at + 1, NULL, 0);
	return true;
}

static bool read_processor(const struct root *root, struct processor *cpu)
{
	scope_free char *text = NULL;
	struct err *err = root_read(root, "/proc/cpuinfo", &text);
	unsigned long family, model, stepping, revision;

	err_free(err);
	if (!text)
		return false;

	char *second = strstr(text, "\n\n");

	if (second)
		second[1] = '\0';
	cpu->intel = strstr(text, "GenuineIntel");
	cpu->amd = strstr(text, "AuthenticAMD");

	const char *flags = strstr(text, "\nflags");

	cpu->guest = flags && strstr(flags, " hypervisor");
	if (!cpuinfo_value(text, "cpu family", &family) || !cpuinfo_value(text, "model", &model) ||
	    !cpuinfo_value(text, "stepping", &stepping) ||
	    !cpuinfo_value(text, "microcode", &revision))
		return false;
	cpu->family = family;
	cpu->model = model;
	cpu->stepping = stepping;
	cpu->revision = revision;
	return true;
}

/* Returns the processor's signature, as CPUID leaf 1 returns it in EAX. */
static uint32_t signature_of(const struct processor *cpu)
{
	unsigned family = cpu->family, extended = 0;

	if (family > 15) {
		extended = family - 15;
		family = 15;
	}
	return extended << 20 | (cpu->model >> 4) << 16 | family << 8 | (cpu->model & 15) << 4 |
	       cpu->stepping;
}

static uint32_t processor_flags(const struct root *root)
{
	scope_free char *text =
		root_read_line(root, "/sys/devices/system/cpu/cpu0/microcode/processor_flags");

	return text ? strtoul(text, NULL, 0) : 0;
}

/* Returns the revision on the disk, and when its file was changed, in seconds of the clock. */
static uint32_t on_disk(const struct root *root, const struct processor *cpu, double *changed)
{
	scope_free char *name = NULL;
	struct stat st;

	if (cpu->intel)
		name = xasprintf("/usr/lib/firmware/intel-ucode/%02x-%02x-%02x", cpu->family,
				 cpu->model, cpu->stepping);
	else if (cpu->family >= 0x15)
		name = xasprintf("/usr/lib/firmware/amd-ucode/microcode_amd_fam%02xh.bin",
				 cpu->family);
	else
		name = xstrdup("/usr/lib/firmware/amd-ucode/microcode_amd.bin");

	/* If /usr is not merged, the file is in /lib. */
	const char *path = root_stat(root, name, &st) ? name + strlen("/usr") : name;

	if (root_stat(root, path, &st) || !S_ISREG(st.st_mode) || st.st_size > MAX_FILE)
		return 0;
	*changed = st.st_ctim.tv_sec;

	scope_free char *full = root_path(root, path);
	scope_file_map map = {};
	struct err *err = file_map(full, &map);

	err_free(err);
	return cpu->intel ? microcode_intel(map.bytes, signature_of(cpu), processor_flags(root))
			  : microcode_amd(map.bytes, signature_of(cpu));
}

/* Returns whether the command line has dis_ucode_ldr, alone or in microcode= (Linux 6.18). */
static bool loader_is_off(const struct root *root)
{
	scope_free char *line = root_read_line(root, "/proc/cmdline");

	return line && str_has_word(line, "dis_ucode_ldr", " =,");
}

void microcode_look(const struct root *root, struct microcode *microcode)
{
	struct processor cpu = {};

	*microcode = (struct microcode){};
	/* A guest's processors have the host's microcode. */
	if (!read_processor(root, &cpu) || cpu.guest || (!cpu.intel && !cpu.amd))
		return;

	double changed = 0, boot = boot_time_read(root);
	uint32_t disk = on_disk(root, &cpu, &changed);
	bool newer = disk > cpu.revision, missed = newer && boot && changed < boot;

	microcode->running = xasprintf("0x%x", cpu.revision);
	if (disk)
		microcode->disk = xasprintf("0x%x", disk);
	microcode->off = loader_is_off(root);
	microcode->old = newer && !missed && !microcode->off;
	if (newer && microcode->off)
		microcode->stays = xasprintf(
			"microcode 0x%x runs and 0x%x is installed, but the kernel's command line turns loading off (dis_ucode_ldr)",
			cpu.revision, disk);
	else if (missed)
		microcode->stays = xasprintf(
			"microcode 0x%x runs and 0x%x is installed, but this boot did not load it, so another one would not either: is it in the initramfs?",
			cpu.revision, disk);
}
