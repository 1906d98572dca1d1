/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * net/ipv6/ip6_flowlabel.c: without privileges a socket may hold 32 leases of flow labels.  Before
 * the fix only those of new labels were counted, and one that exists could be taken for ever.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/in6.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define LEASES 40

#ifndef IPV6_FLOWLABEL_MGR
#define IPV6_FLOWLABEL_MGR 32
#endif

int main(void)
{
	struct in6_flowlabel_req request = {
		.flr_label = htonl(0x12345),
		.flr_action = IPV6_FL_A_GET,
		.flr_share = IPV6_FL_S_ANY,
		.flr_flags = IPV6_FL_F_CREATE,
	};
	int fd = socket(AF_INET6, SOCK_DGRAM, 0);
	int held = 0;

	inet_pton(AF_INET6, "::1", &request.flr_dst);
	if (setgid(65534) || setuid(65534)) {
		perror("setuid");
		return 2;
	}
	for (; held < LEASES; held++) {
		if (setsockopt(fd, IPPROTO_IPV6, IPV6_FLOWLABEL_MGR, &request, sizeof(request)))
			break;
		request.flr_flags = 0;
	}
	printf("%d leases, then %s\n", held, held < LEASES ? strerror(errno) : "no end");
	if (!held)
		return 2;
	return !(held < LEASES && errno == ENOBUFS);
}
