/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Attaches perf events and BPF programs to functions of the running kernel, as tracers do.
 *
 * tracers KIND FUNCTION
 *
 * KIND is perf (a kprobe of perf_event_open(2)), fentry, fexit or fmod_ret (a BPF program; that of
 * fmod_ret returns -EXDEV).  It prints "ready", or "error N" and ends; then it prints for each line
 * on standard input how often the function was seen.
 *
 * tracers call PID
 *
 * It prints the error of getpgid(PID), or 0.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/btf.h>
#include <linux/perf_event.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"

#define MAX_CPUS 64

struct tracer {
	bool perf;
	int fds[MAX_CPUS];
	unsigned nr_fds;
	int program;
};

static int bpf(int command, union bpf_attr *attr)
{
	return syscall(SYS_bpf, command, attr, sizeof(*attr));
}

static size_t type_size(const struct btf_type *type)
{
	size_t count = BTF_INFO_VLEN(type->info);

	switch (BTF_INFO_KIND(type->info)) {
	case BTF_KIND_INT:
	case BTF_KIND_VAR:
	case BTF_KIND_DECL_TAG:
		return sizeof(*type) + 4;
	case BTF_KIND_ARRAY:
		return sizeof(*type) + sizeof(struct btf_array);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
	case BTF_KIND_DATASEC:
	case BTF_KIND_ENUM64:
		return sizeof(*type) + 12 * count;
	case BTF_KIND_ENUM:
	case BTF_KIND_FUNC_PROTO:
		return sizeof(*type) + 8 * count;
	default:
		return sizeof(*type);
	}
}

/* Returns the number of the function's type in the kernel's BTF; 0 if there is none. */
static uint32_t function_type(const char *name)
{
	char *data = NULL;
	size_t size = 0;

	if (file_read("/sys/kernel/btf/vmlinux", &data, &size))
		return 0;

	const struct btf_header *head = (const void *)data;
	const char *types = data + head->hdr_len + head->type_off;
	const char *strings = data + head->hdr_len + head->str_off;
	uint32_t id = 1;

	for (size_t at = 0; at < head->type_len; id++) {
		const struct btf_type *type = (const void *)(types + at);

		if (BTF_INFO_KIND(type->info) == BTF_KIND_FUNC &&
		    !strcmp(strings + type->name_off, name))
			return id;
		at += type_size(type);
	}
	return 0;
}

static bool attach_bpf(const char *function, uint32_t type, int returned, struct tracer *tracer)
{
	static char log[65536];
	const struct bpf_insn code[] = {
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = returned},
		{.code = BPF_JMP | BPF_EXIT},
	};
	union bpf_attr load = {
		.prog_type = BPF_PROG_TYPE_TRACING,
		.expected_attach_type = type,
		.insns = (uintptr_t)code,
		.insn_cnt = array_size(code),
		.license = (uintptr_t) "GPL",
		.attach_btf_id = function_type(function),
		.log_buf = (uintptr_t)log,
		.log_size = sizeof(log),
		.log_level = 1,
		.prog_name = "a_tracer",
	};
	union bpf_attr stats = {.enable_stats = {.type = BPF_STATS_RUN_TIME}};

	tracer->program = bpf(BPF_PROG_LOAD, &load);
	if (tracer->program < 0) {
		fputs(log, stderr);
		return false;
	}

	union bpf_attr open = {.raw_tracepoint = {.prog_fd = tracer->program}};

	bpf(BPF_ENABLE_STATS, &stats);
	tracer->fds[0] = bpf(BPF_RAW_TRACEPOINT_OPEN, &open);
	tracer->nr_fds = 1;
	return tracer->fds[0] >= 0;
}

static bool attach_perf(const char *function, struct tracer *tracer)
{
	scope_free char *type = NULL;
	struct perf_event_attr attr = {.size = sizeof(attr), .kprobe_func = (uintptr_t)function};

	if (file_read("/sys/bus/event_source/devices/kprobe/type", &type, NULL))
		return false;
	attr.type = atoi(type);
	tracer->perf = true;
	for (int cpu = 0; cpu < sysconf(_SC_NPROCESSORS_ONLN) && cpu < MAX_CPUS; cpu++) {
		int fd = syscall(SYS_perf_event_open, &attr, -1, cpu, -1, 0);

		if (fd < 0)
			return false;
		tracer->fds[tracer->nr_fds++] = fd;
	}
	return true;
}

static bool attach(const char *kind, const char *function, struct tracer *tracer)
{
	if (!strcmp(kind, "perf"))
		return attach_perf(function, tracer);
	if (!strcmp(kind, "fentry"))
		return attach_bpf(function, BPF_TRACE_FENTRY, 0, tracer);
	if (!strcmp(kind, "fexit"))
		return attach_bpf(function, BPF_TRACE_FEXIT, 0, tracer);
	return attach_bpf(function, BPF_MODIFY_RETURN, -EXDEV, tracer);
}

static unsigned long long seen(const struct tracer *tracer)
{
	struct bpf_prog_info info = {};
	union bpf_attr attr = {
		.info = {.bpf_fd = tracer->program,
			 .info_len = sizeof(info),
			 .info = (uintptr_t)&info},
	};
	uint64_t sum = 0, count;

	if (!tracer->perf)
		return bpf(BPF_OBJ_GET_INFO_BY_FD, &attr) ? 0 : info.run_cnt;
	for (unsigned i = 0; i < tracer->nr_fds; i++)
		if (read(tracer->fds[i], &count, sizeof(count)) == sizeof(count))
			sum += count;
	return sum;
}

int main(int argc, char **argv)
{
	struct tracer tracer = {};

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc != 3)
		return 2;
	if (!strcmp(argv[1], "call")) {
		printf("%d\n", getpgid(atoi(argv[2])) < 0 ? errno : 0);
		return 0;
	}
	if (!attach(argv[1], argv[2], &tracer)) {
		printf("error %d\n", errno);
		return 1;
	}
	printf("ready\n");
	while (getchar() != EOF)
		printf("%llu\n", seen(&tracer));
	return 0;
}
