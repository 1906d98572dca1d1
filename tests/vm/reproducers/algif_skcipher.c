/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * crypto/algif_skcipher.c: whoever asks for less than one block, while there is more to come,
 * gets EINVAL since the fix.  Before, a request for nothing was made and reported as success.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if_alg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

int main(void)
{
	struct sockaddr_alg alg = {.salg_family = AF_ALG,
				   .salg_type = "skcipher",
				   .salg_name = "ecb(aes)"};
	union {
		char space[CMSG_SPACE(sizeof(__u32))];
		struct cmsghdr align;
	} control = {};
	char text[20] = "more than one block", out[8];
	struct iovec part = {text, sizeof(text)};
	struct msghdr msg = {.msg_iov = &part,
			     .msg_iovlen = 1,
			     .msg_control = control.space,
			     .msg_controllen = sizeof(control.space)};
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);
	int fd = socket(AF_ALG, SOCK_SEQPACKET, 0);

	if (bind(fd, (struct sockaddr *)&alg, sizeof(alg)) < 0 ||
	    setsockopt(fd, SOL_ALG, ALG_SET_KEY, "0123456789abcdef", 16) < 0) {
		perror("ecb(aes)");
		return 2;
	}

	int op = accept(fd, NULL, NULL);

	cmsg->cmsg_level = SOL_ALG;
	cmsg->cmsg_type = ALG_SET_OP;
	cmsg->cmsg_len = CMSG_LEN(sizeof(__u32));
	memcpy(CMSG_DATA(cmsg), &(__u32){ALG_OP_ENCRYPT}, sizeof(__u32));
	if (sendmsg(op, &msg, MSG_MORE) != sizeof(text)) {
		perror("sendmsg");
		return 2;
	}
	alarm(5);

	ssize_t got = read(op, out, sizeof(out));

	printf("read of %zu bytes: %zd, %s\n", sizeof(out), got, got < 0 ? strerror(errno) : "fine");
	return !(got < 0 && errno == EINVAL);
}
