/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Serves apt's JSON hooks, versions 0.1 and 0.2: JSON-RPC 2.0, one object a line, an empty line
 * after each. The hook is the server.
 */
#include <errno.h>
#include <jansson.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "advise/transaction.h"
#include "base/json.h"
#include "base/strbuf.h"

#define MAX_MESSAGE (64u << 20)
#define SILENCE_MS 30000

struct err *advise_read_transaction(const char *text, size_t size,
				    struct advise_update_vec *updates)
{
	return transaction_parse(text, size, updates);
}

struct connection {
	int fd;
	struct strbuf input;
};

/* Reads the next message, without the empty line; returns false at the end. */
static bool apt_hook_receive(struct connection *connection, struct strbuf *message)
{
	char buf[65536];

	for (;;) {
		struct strbuf *input = &connection->input;
		char *end = memmem(input->buf, input->len, "\n\n", 2);
		struct pollfd pfd = {.fd = connection->fd, .events = POLLIN};

		if (end) {
			size_t len = end - input->buf;

			strbuf_reset(message);
			strbuf_add(message, input->buf, len);
			memmove(input->buf, input->buf + len + 2, input->len - len - 2);
			input->len -= len + 2;
			return true;
		}
		if (input->len > MAX_MESSAGE || poll(&pfd, 1, SILENCE_MS) <= 0)
			return false;

		ssize_t got = read(connection->fd, buf, sizeof(buf));

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		strbuf_add(input, buf, got);
	}
}

static const char *choose_version(const json_t *params)
{
	size_t index;
	json_t *it;

	json_array_foreach(json_object_get(params, "versions"), index,
			   it) if (json_is_string(it) &&
				   !strcmp(json_string_value(it), "0.2")) return "0.2";
	return "0.1";
}

static struct err *apt_hook_say_hello(int fd, const json_t *id, const json_t *params)
{
	scope_json answer = json_pack("{s:s, s:O, s:{s:s}}", "jsonrpc", "2.0", "id", id, "result",
				      "version", choose_version(params));
	scope_free char *text = answer ? json_dumps(answer, JSON_COMPACT) : NULL;
	scope_free char *line = xasprintf("%s\n\n", text ? text : "{}");
	ssize_t put = send(fd, line, strlen(line), MSG_NOSIGNAL);

	return put == (ssize_t)strlen(line) ? NULL
					    : err_errno(errno, "apt does not read the answer");
}

/* Answers one message; sets *done if it is the last one. */
static struct err *apt_hook_answer(int fd, const json_t *message, struct advise_apt_hook *hook,
				   bool *done)
{
	const char *method = json_string_value(json_object_get(message, "method"));
	const json_t *params = json_object_get(message, "params");
	const json_t *id = json_object_get(message, "id");

	if (!method)
		return NULL;
	if (str_ends(method, ".hello"))
		return id ? apt_hook_say_hello(fd, id, params) : NULL;
	*done = str_ends(method, ".bye");
	if (!str_ends(method, ".pre-prompt"))
		return NULL;

	struct advise_update_vec updates = {};

	transaction_from_apt_json(params, &updates);

	struct err *err = updates.len ? hook->show(hook, &updates) : NULL;

	advise_update_vec_free(&updates);
	return err;
}

struct err *advise_apt_hook_serve(int socket, struct advise_apt_hook *hook)
{
	struct connection connection = {socket, STRBUF_INIT};
	scope_strbuf text = STRBUF_INIT;
	struct err *err = NULL;
	bool done = false;

	while (!err && !done && apt_hook_receive(&connection, &text)) {
		scope_json message = json_loadb(text.buf, text.len, 0, NULL);

		err = apt_hook_answer(socket, message, hook, &done);
	}
	strbuf_free(&connection.input);
	return err;
}
