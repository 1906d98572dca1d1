/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading unified diffs.  GNU patch does the applying; names are never left to it. */
#include "patch/parse.h"

#include <ctype.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/strbuf.h"

struct parser {
	const char *name;
	const char *pos; /* next line */
	unsigned line;	 /* number of the line that was read last */
	const char *text;
	size_t len; /* of that line, without its end */
	struct patch_file_vec *files;
};

void patch_file_vec_free(struct patch_file_vec *files)
{
	vec_foreach(files, it) {
		free(it->old_name);
		free(it->new_name);
	}
	vec_free(files);
}

static bool next_line(struct parser *p)
{
	if (!*p->pos)
		return false;
	p->text = p->pos;
	p->len = strcspn(p->pos, "\n");
	p->pos += p->len;
	if (*p->pos)
		p->pos++;
	if (p->len && p->text[p->len - 1] == '\r')
		p->len--;
	p->line++;
	return true;
}

static bool line_starts(const struct parser *p, const char *prefix)
{
	size_t len = strlen(prefix);

	return p->len >= len && !memcmp(p->text, prefix, len);
}

static struct err *parse_error(const struct parser *p, const char *what)
{
	return err_new("%s:%u: %s", p->name, p->line, what);
}

static bool path_climbs(const char *path)
{
	for (const char *part = path; part; part = strchr(part, '/')) {
		part += *part == '/';
		if (!strncmp(part, "..", 2) && (part[2] == '/' || !part[2]))
			return true;
	}
	return false;
}

/* The file name in text; *name stays NULL for /dev/null. */
static struct err *parse_name(const struct parser *p, const char *text, size_t len, char **name)
{
	const char *tab = memchr(text, '\t', len);

	if (tab)
		len = tab - text;
	while (len && isspace((unsigned char)text[len - 1]))
		len--;
	free(*name);
	*name = NULL;

	scope_free char *copy = xstrndup(text, len);

	if (!strcmp(copy, "/dev/null"))
		return NULL;
	if (!len)
		return parse_error(p, "a file without a name");
	if (copy[0] == '"')
		return parse_error(p, "quoted file names are not supported");
	if (copy[0] == '/' || path_climbs(copy) || strlen(copy) != len)
		return err_new("%s:%u: %s: names a file outside the source tree", p->name, p->line,
			       copy);
	*name = take_ptr(copy);
	return NULL;
}

static struct patch_file *add_file(struct parser *p)
{
	vec_push(p->files, (struct patch_file){.line = p->line});
	return &p->files->data[p->files->len - 1];
}

/* "diff --git a/x b/x": both names are the same unless lines about a rename follow. */
static struct err *parse_git_header(struct parser *p)
{
	const char *names = p->text + strlen("diff --git ");
	size_t len = p->len - strlen("diff --git ");
	struct patch_file *file = add_file(p);

	if (len % 2 == 0 || names[len / 2] != ' ')
		return NULL;
	err_try(parse_name(p, names, len / 2, &file->old_name));
	err_try(parse_name(p, names + len / 2 + 1, len / 2, &file->new_name));
	return NULL;
}

static struct err *parse_extended_header(struct parser *p, struct patch_file *file)
{
	static const struct {
		const char *prefix;
		bool old_side, renames, copies;
	} moves[] = {
		{"rename from ", true, true, false},
		{"rename to ", false, true, false},
		{"copy from ", true, false, true},
		{"copy to ", false, false, true},
	};

	for (size_t i = 0; i < array_size(moves); i++) {
		size_t len = strlen(moves[i].prefix);

		if (!line_starts(p, moves[i].prefix))
			continue;
		file->renames |= moves[i].renames;
		file->copies |= moves[i].copies;

		/* These names come without a/ and b/; give them the same shape as the others. */
		scope_free char *name = xasprintf("%c/%.*s", moves[i].old_side ? 'a' : 'b',
						  (int)(p->len - len), p->text + len);

		return parse_name(p, name, strlen(name),
				  moves[i].old_side ? &file->old_name : &file->new_name);
	}
	if (line_starts(p, "new file mode ")) {
		free(file->old_name);
		file->old_name = NULL;
	} else if (line_starts(p, "deleted file mode ")) {
		free(file->new_name);
		file->new_name = NULL;
	}
	return NULL;
}

static bool parse_range(const char **pos, char sign, unsigned long *count)
{
	char *end;

	if (**pos != sign || !isdigit((unsigned char)(*pos)[1]))
		return false;
	strtoul(*pos + 1, &end, 10);
	*count = 1;
	if (*end == ',') {
		if (!isdigit((unsigned char)end[1]))
			return false;
		*count = strtoul(end + 1, &end, 10);
	}
	*pos = end;
	return true;
}

/* "-- ", the end of a mail; "--- x" before "+++ y", the next file. */
static bool ends_diff(const char *line)
{
	const char *end = strchrnul(line, '\n');

	return !strncmp(line, "-- \n", 4) || !strncmp(line, "--\n", 3) ||
	       (!strncmp(line, "--- ", 4) && *end && !strncmp(end + 1, "+++ ", 4));
}

/*
 * The counts in the header and the lines have to agree: patch(1) leaves out lines that are too
 * many, and takes a last line that was cut short for one that differs a little.
 */
static struct err *check_hunk_end(const struct parser *p, unsigned first)
{
	const char *line = p->pos;

	if (*p->text != '\\' && line > p->text && line[-1] != '\n')
		return err_new("%s:%u: hunk is truncated: its last line has no end", p->name,
			       first);
	while (*line == ' ') {
		line = strchrnul(line, '\n');
		line += *line == '\n';
	}
	if ((*line == '+' || *line == '-') && !ends_diff(line))
		return err_new("%s:%u: hunk has more lines than its header says", p->name, first);
	return NULL;
}

static struct err *parse_hunk(struct parser *p, struct patch_file *file)
{
	const char *pos = p->text + strlen("@@ ");
	const char *start = p->text;
	unsigned first = p->line;
	unsigned long old_left, new_left;

	if (!parse_range(&pos, '-', &old_left) || *pos++ != ' ' ||
	    !parse_range(&pos, '+', &new_left))
		return parse_error(p, "bad hunk header");
	while (old_left || new_left) {
		char kind = next_line(p) ? p->len ? p->text[0] : ' ' : '\0';

		/* A mailer may have cut the blank off an empty context line. */
		if (kind == ' ' && old_left && new_left)
			old_left--, new_left--;
		else if (kind == '-' && old_left)
			old_left--;
		else if (kind == '+' && new_left)
			new_left--;
		else if (kind != '\\')
			return err_new("%s:%u: hunk is truncated or damaged", p->name, first);
	}
	if (*p->pos == '\\')
		next_line(p);
	err_try(check_hunk_end(p, first));
	if (!file->nr_hunks++) {
		file->hunks.start = start;
		file->from_nothing = str_starts(start, "@@ -0,0 ");
	}
	file->hunks.size = p->pos - file->hunks.start;
	return NULL;
}

/* "--- old" and the "+++ new" behind it. */
static struct err *parse_names(struct parser *p, struct patch_file *file)
{
	if (!file || file->nr_hunks)
		file = add_file(p);
	err_try(parse_name(p, p->text + 4, p->len - 4, &file->old_name));
	next_line(p);
	err_try(parse_name(p, p->text + 4, p->len - 4, &file->new_name));
	if (!file->old_name && !file->new_name)
		return parse_error(p, "a change from /dev/null to /dev/null");
	return NULL;
}

static struct err *parse_line(struct parser *p)
{
	struct patch_file *file = p->files->len ? &p->files->data[p->files->len - 1] : NULL;

	if (line_starts(p, "diff --git "))
		return parse_git_header(p);
	if (line_starts(p, "--- ") && !strncmp(p->pos, "+++ ", 4))
		return parse_names(p, file);
	if (line_starts(p, "GIT binary patch") || line_starts(p, "Binary files "))
		return parse_error(p, "changes a binary file, which cannot be compiled");
	if (!file)
		return NULL;
	if (line_starts(p, "@@ -"))
		return parse_hunk(p, file);
	return file->nr_hunks ? NULL : parse_extended_header(p, file);
}

static bool has_prefix(const char *name, const char *prefix)
{
	return !name || str_starts(name, prefix);
}

struct err *patch_parse(const char *name, const char *text, struct patch_file_vec *files)
{
	struct parser p = {.name = name, .pos = text, .files = files};

	while (next_line(&p))
		err_try(parse_line(&p));

	size_t kept = 0;

	vec_foreach(files, it) {
		it->prefixed = has_prefix(it->old_name, "a/") && has_prefix(it->new_name, "b/");
		/* Of a change of mode, nothing is left to do. */
		if (it->nr_hunks || it->renames || it->copies || !it->old_name || !it->new_name) {
			files->data[kept++] = *it;
			continue;
		}
		free(it->old_name);
		free(it->new_name);
	}
	files->len = kept;
	vec_foreach(files, it) {
		if (!it->old_name && !it->new_name)
			return err_new("%s:%u: a change without file names", name, it->line);
	}
	if (!kept)
		return err_new("%s: holds no change in unified diff format", name);
	return NULL;
}

const char *patch_strip(const char *name, unsigned level)
{
	while (name && level--) {
		name = strchr(name, '/');
		while (name && *name == '/')
			name++;
	}
	return name && *name ? name : NULL;
}

/* Whether name is there below root; for a file to be made, whether its folder is. */
static bool name_fits(const char *root, const char *name, bool is_new)
{
	if (!name)
		return false;

	scope_free char *path = xasprintf("%s/%s", root, name);
	struct stat st;

	if (is_new)
		*strrchr(path, '/') = '\0';
	return !stat(path, &st) && S_ISDIR(st.st_mode) == is_new;
}

unsigned patch_strip_level(const struct patch_file_vec *files, const char *root)
{
	static const unsigned levels[] = {1, 0, 2, 3};
	unsigned best = 1, best_fits = 0;
	bool all_prefixed = true;

	vec_foreach(files, it)
		all_prefixed &= it->prefixed;
	if (all_prefixed)
		return 1;
	for (size_t i = 0; i < array_size(levels); i++) {
		unsigned fits = 0;

		vec_foreach(files, it) {
			bool is_new = !it->old_name;

			fits += name_fits(root, patch_strip(it->new_name, levels[i]), is_new) ||
				name_fits(root, patch_strip(it->old_name, levels[i]), false);
		}
		if (fits > best_fits) {
			best = levels[i];
			best_fits = fits;
		}
	}
	return best;
}
