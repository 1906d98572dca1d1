/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Asks the kernel by bpf(2) which programs its trampolines run.  A trampoline's name has the number
 * that bpf_trampoline_compute_key() (include/linux/bpf_verifier.h) makes of the BTF object and type
 * of the function, and the information about a link has both.
 */
#include "live/bpf_links.h"

#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/strbuf.h"

#define TRAMPOLINE "bpf_trampoline_"
#define TARGET_IS_KERNEL 0x80000000u /* a key without it is for a BPF program as target */
#define MAX_LINKS 100000

static const struct {
	uint32_t attach_type;
	enum bpf_link_kind kind;
} attach_types[] = {
	{BPF_TRACE_FENTRY, BPF_LINK_FENTRY},
	{BPF_TRACE_FEXIT, BPF_LINK_FEXIT},
	{BPF_MODIFY_RETURN, BPF_LINK_FMOD_RET},
	{BPF_LSM_MAC, BPF_LINK_LSM},
};

static int bpf_call(int command, union bpf_attr *attr)
{
	return syscall(SYS_bpf, command, attr, sizeof(*attr));
}

/* Fills the information about a link or program, which has `size` bytes. */
static bool bpf_info(int fd, void *info, size_t size)
{
	union bpf_attr attr = {
		.info = {.bpf_fd = fd, .info_len = size, .info = (uintptr_t)info},
	};

	return fd >= 0 && !bpf_call(BPF_OBJ_GET_INFO_BY_FD, &attr);
}

static void bpf_program_name(uint32_t id, char name[16])
{
	union bpf_attr attr = {.prog_id = id};
	scope_close int fd = bpf_call(BPF_PROG_GET_FD_BY_ID, &attr);
	struct bpf_prog_info info = {};

	if (bpf_info(fd, &info, sizeof(info)))
		memcpy(name, info.name, 15);
}

static void bpf_add_link(uint32_t id, struct bpf_link_vec *links)
{
	union bpf_attr attr = {.link_id = id};
	scope_close int fd = bpf_call(BPF_LINK_GET_FD_BY_ID, &attr);
	struct bpf_link_info info = {};

	if (!bpf_info(fd, &info, sizeof(info)) || info.type != BPF_LINK_TYPE_TRACING)
		return;
	for (size_t i = 0; i < array_size(attach_types); i++) {
		struct bpf_link link = {
			.key = (uint64_t)info.tracing.target_obj_id << 32 | TARGET_IS_KERNEL |
			       info.tracing.target_btf_id,
			.kind = attach_types[i].kind,
		};

		if (attach_types[i].attach_type != info.tracing.attach_type)
			continue;
		bpf_program_name(info.prog_id, link.program);
		vec_push(links, link);
	}
}

void bpf_links_read(const struct root *root, struct bpf_link_vec *links)
{
	union bpf_attr attr = {};

	if (!root_is_machine(root))
		return;
	while (links->len < MAX_LINKS && !bpf_call(BPF_LINK_GET_NEXT_ID, &attr)) {
		uint32_t id = attr.next_id;

		bpf_add_link(id, links);
		attr = (union bpf_attr){.start_id = id};
	}
}

bool bpf_trampoline_key(const char *text, uint64_t *key)
{
	const char *at = strstr(text, TRAMPOLINE);

	if (!at)
		return false;
	*key = strtoull(at + strlen(TRAMPOLINE), NULL, 10);
	return true;
}

static bool bpf_link_decides(const struct bpf_link *link)
{
	return link->kind == BPF_LINK_FMOD_RET || link->kind == BPF_LINK_LSM;
}

char *bpf_links_describe(const struct bpf_link_vec *links, uint64_t key, bool deciding_only)
{
	static const char *const kinds[] = {
		[BPF_LINK_FENTRY] = "fentry",
		[BPF_LINK_FEXIT] = "fexit",
		[BPF_LINK_FMOD_RET] = "fmod_ret",
		[BPF_LINK_LSM] = "LSM",
	};
	scope_strbuf out = STRBUF_INIT;

	vec_foreach(links, it)
		if (it->key == key && (!deciding_only || bpf_link_decides(it)))
			strbuf_addf(&out, "%sthe BPF program %s%s(%s)", out.len ? " and " : "",
				    it->program, *it->program ? " " : "", kinds[it->kind]);
	return out.len ? strbuf_detach(&out) : xstrdup("a BPF program of unknown kind");
}

bool bpf_links_known(const struct bpf_link_vec *links, uint64_t key)
{
	vec_foreach(links, it)
		if (it->key == key)
			return true;
	return false;
}

bool bpf_links_wait(const struct bpf_link_vec *links, uint64_t key)
{
	vec_foreach(links, it)
		if (it->key == key && it->kind != BPF_LINK_FENTRY)
			return true;
	return false;
}

bool bpf_links_decide(const struct bpf_link_vec *links, uint64_t key)
{
	vec_foreach(links, it)
		if (it->key == key && bpf_link_decides(it))
			return true;
	return false;
}
