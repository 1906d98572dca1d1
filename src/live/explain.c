/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Explains why the kernel rejected a module, by its error number and its log. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "live/explain.h"
#include "vm/kernel_log.h"

static const struct {
	int errnum;
	const char *words;
} meanings[] = {
	{EPERM,
	 "the kernel loads no modules for this process: it is locked down, kernel.modules_disabled is set, or the process lacks CAP_SYS_MODULE"},
	{EACCES, "a security policy of the kernel (IMA, LoadPin, SELinux) rejects the module"},
	{ENOENT, "the patch names a function or symbol that this kernel does not have"},
	{ENOEXEC,
	 "the module does not match this kernel: it was built for another one, or is damaged"},
	{ENOMEM, "there is not enough memory"},
	{EBUSY,
	 "another transition is in progress, or a kprobe or tracer diverts one of the functions"},
	{EEXIST, "a module of that name is already loaded"},
	{EINVAL, "the kernel does not accept the patch"},
	{ENODEV,
	 "a callback of the patch refused the load, or live patching failed to start when the kernel booted"},
	{ETXTBSY, "the module's file is being written to"},
	{ENOKEY,
	 "the module is unsigned or signed by a key that the kernel does not have, and the kernel requires a valid signature: see 'suture doctor'"},
	{EKEYREJECTED,
	 "the module's signature is invalid: the module was changed after signing, or is unsigned where the kernel requires a signature"},
	{EKEYEXPIRED, "the certificate of the module's signature has expired"},
	{EBADMSG, "the module's signature is damaged"},
	{ENOPKG, "the kernel lacks the hash or signature algorithm of the module's signature"},
	{ELIBBAD, "the module is damaged: its tables contradict each other"},
};

static const char *find_meaning(int errnum, const char *said)
{
	/* The line is more specific than the error number. */
	const char *line = said ? kernel_log_meaning(said, KERNEL_LOG_MACHINE) : NULL;

	if (line)
		return line;
	for (size_t i = 0; i < array_size(meanings); i++)
		if (meanings[i].errnum == errnum)
			return meanings[i].words;
	return NULL;
}

char *live_explain_load(int errnum, const struct str_vec *kernel_log)
{
	const char *said = NULL;

	vec_foreach(kernel_log, it)
		if (!said && kernel_log_judge(*it, KERNEL_LOG_MACHINE) ==
				     KERNEL_LOG_REASON) /* the first reason is the cause */
			said = *it;

	const char *words = find_meaning(errnum, said);

	return xasprintf("%s (%s)%s%s", words ? words : "the kernel rejected the module",
			 strerror(errnum), said ? "; the kernel says: " : "", said ? said : "");
}
