/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Aligns the instructions of two versions of a function side by side, for people to read. */
#include "safety/listing.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/capstone.h"
#include "base/strbuf.h"

/* Functions that need more comparisons are shown one after the other. */
#define MAX_CELLS (16u << 20)

struct line {
	char *text;
	char *key; /* lines with the same key are equal: the text without offsets in the function */
};

struct line_vec VEC(struct line);

static const struct elf_rela *rela_in(const struct elf_section *section, uint64_t start,
				      uint64_t size)
{
	vec_foreach(&section->relas, it)
		if (it->offset >= start && it->offset < start + size)
			return it;
	return NULL;
}

/* Adds the target as "mutex_lock" or ".rodata.str1.1+0x20". */
static void add_target(const struct elf_rela *rela, unsigned tail, struct strbuf *out)
{
	const struct elf_symbol *symbol = rela->symbol;
	const char *name = symbol->type == STT_SECTION && symbol->section ? symbol->section->name
									  : symbol->name;
	int64_t addend = rela->addend + (elf_rela_is_relative(rela->type) ? tail : 0);

	if (str_starts(name, ".text."))
		name += strlen(".text."); /* each function has its own section */
	strbuf_addstr(out, name);
	if (addend)
		strbuf_addf(out, "%s0x%llx", addend < 0 ? "-" : "+",
			    (unsigned long long)llabs(addend));
}

static bool is_direct_branch(csh handle, const cs_insn *insn)
{
	return (capstone.cs_insn_group(handle, insn, CS_GRP_JUMP) ||
		capstone.cs_insn_group(handle, insn, CS_GRP_CALL)) &&
	       insn->detail->x86.op_count == 1 && insn->detail->x86.operands[0].type == X86_OP_IMM;
}

static void listing_add_line(csh handle, const struct elf_symbol *function, const cs_insn *insn,
			     struct line_vec *lines)
{
	uint64_t at = function->value + insn->address;
	const struct elf_rela *rela = rela_in(function->section, at, insn->size);
	scope_strbuf key = STRBUF_INIT;
	bool direct = is_direct_branch(handle, insn);

	strbuf_addf(&key, "%-7s ", insn->mnemonic);
	if (!direct)
		strbuf_addstr(&key, insn->op_str);
	if (rela) {
		strbuf_addstr(&key, direct ? "" : "   # ");
		add_target(rela, at + insn->size - rela->offset, &key);
	}

	scope_strbuf text = STRBUF_INIT;

	strbuf_addf(&text, "%4llx  %s", (unsigned long long)insn->address, key.buf);
	if (direct && !rela)
		strbuf_addf(&text, "→ %llx", (unsigned long long)insn->detail->x86.operands[0].imm);
	vec_push(lines, (struct line){strbuf_detach(&text), strbuf_detach(&key)});
}

static void list_code(const struct elf_symbol *function, struct line_vec *lines)
{
	csh handle;

	if (!function || !function->section || !function->section->data)
		return;

	struct err *err = capstone_open(&handle);

	if (err) { /* the jump after a comparison has its target too */
		err_free(err);
		return;
	}
	capstone.cs_option(handle, CS_OPT_DETAIL, CS_OPT_ON);
	capstone.cs_option(handle, CS_OPT_SYNTAX, CS_OPT_SYNTAX_ATT);

	cs_insn *insn = capstone.cs_malloc(handle);
	const uint8_t *code = function->section->data + function->value;
	size_t left = function->size;
	uint64_t at = 0;

	while (left && capstone.cs_disasm_iter(handle, &code, &left, &at, insn))
		listing_add_line(handle, function, insn, lines);
	capstone.cs_free(insn, 1);
	capstone.cs_close(&handle);
}

static void lines_free(struct line_vec *lines)
{
	vec_foreach(lines, it) {
		free(it->text);
		free(it->key);
	}
	vec_free(lines);
}

static void push_pair(struct code_pair_vec *pairs, struct line *before, struct line *after)
{
	vec_push(pairs, (struct code_pair){
				before ? take_ptr(before->text) : NULL,
				after ? take_ptr(after->text) : NULL,
				before && after,
			});
}

/* Finds the longest common subsequence of lines; lines between its members stand side by side. */
static void align(struct line_vec *a, struct line_vec *b, struct code_pair_vec *pairs)
{
	size_t width = b->len + 1;
	scope_free unsigned *best = xcalloc((a->len + 1) * width, sizeof(*best));

	for (size_t i = a->len; i-- > 0;)
		for (size_t k = b->len; k-- > 0;) {
			unsigned down = best[(i + 1) * width + k], right = best[i * width + k + 1];

			best[i * width + k] = !strcmp(a->data[i].key, b->data[k].key)
						      ? best[(i + 1) * width + k + 1] + 1
					      : down > right ? down
							     : right;
		}

	size_t i = 0, k = 0;

	while (i < a->len && k < b->len) {
		if (!strcmp(a->data[i].key, b->data[k].key))
			push_pair(pairs, &a->data[i++], &b->data[k++]);
		else if (best[(i + 1) * width + k] >= best[i * width + k + 1])
			push_pair(pairs, &a->data[i++], NULL);
		else
			push_pair(pairs, NULL, &b->data[k++]);
	}
	while (i < a->len)
		push_pair(pairs, &a->data[i++], NULL);
	while (k < b->len)
		push_pair(pairs, NULL, &b->data[k++]);
}

/* Puts lines of only one version beside lines of only the other. */
static void join_runs(struct code_pair_vec *pairs)
{
	size_t out = 0;

	for (size_t i = 0; i < pairs->len;) {
		size_t end = i, hole;

		if (pairs->data[i].same) {
			pairs->data[out++] = pairs->data[i++];
			continue;
		}
		while (end < pairs->len && !pairs->data[end].same)
			end++;

		struct str_vec before = {}, after = {};

		for (; i < end; i++) {
			if (pairs->data[i].before)
				vec_push(&before, pairs->data[i].before);
			if (pairs->data[i].after)
				vec_push(&after, pairs->data[i].after);
		}
		for (hole = 0; hole < before.len || hole < after.len; hole++)
			pairs->data[out++] = (struct code_pair){
				hole < before.len ? before.data[hole] : NULL,
				hole < after.len ? after.data[hole] : NULL,
				false,
			};
		vec_free(&before);
		vec_free(&after);
	}
	pairs->len = out;
}

void safety_compare_code(const struct elf_symbol *before, const struct elf_symbol *after,
			 struct code_pair_vec *pairs)
{
	__attribute__((cleanup(lines_free))) struct line_vec a = {};
	__attribute__((cleanup(lines_free))) struct line_vec b = {};

	list_code(before, &a);
	list_code(after, &b);
	if ((a.len + 1) * (b.len + 1) <= MAX_CELLS) {
		align(&a, &b, pairs);
		join_runs(pairs);
		return;
	}
	vec_foreach(&a, it)
		push_pair(pairs, it, NULL);
	vec_foreach(&b, it)
		push_pair(pairs, NULL, it);
}

void code_pair_vec_free(struct code_pair_vec *pairs)
{
	vec_foreach(pairs, it) {
		free(it->before);
		free(it->after);
	}
	vec_free(pairs);
}
