/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Exercises the kernel's code for sockets, netlink and network interfaces. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "exercise.h"

static char net_buf[16384];

static void unix_sockets(void)
{
	int fds[2];
	union {
		char space[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = {};
	struct iovec part = {net_buf, 10};
	struct msghdr msg = {.msg_iov = &part,
			     .msg_iovlen = 1,
			     .msg_control = control.space,
			     .msg_controllen = sizeof(control.space)};

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds) < 0)
		return;

	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);

	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	cmsg->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(cmsg), &fds[0], sizeof(int));
	send(fds[0], net_buf, 100, MSG_NOSIGNAL);
	recv(fds[1], net_buf, 50, MSG_PEEK);
	recv(fds[1], net_buf, 100, 0);
	sendmsg(fds[0], &msg, MSG_NOSIGNAL);
	if (recvmsg(fds[1], &msg, MSG_CMSG_CLOEXEC) > 0 && (cmsg = CMSG_FIRSTHDR(&msg))) {
		int got;

		memcpy(&got, CMSG_DATA(cmsg), sizeof(got));
		close(got);
	}
	shutdown(fds[0], SHUT_RDWR);
	close(fds[0]);
	close(fds[1]);
	if (!socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds)) {
		send(fds[0], net_buf, 100, MSG_NOSIGNAL);
		recv(fds[1], net_buf, 100, 0);
		close(fds[0]);
		close(fds[1]);
	}
}

/* Sets the family's loopback address; all that is used of it is alike for IPv4 and IPv6. */
static void local_address(int family, struct sockaddr_storage *addr, socklen_t *size)
{
	*addr = (struct sockaddr_storage){.ss_family = family};
	*size = family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
	if (family == AF_INET)
		((struct sockaddr_in *)addr)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	else
		((struct sockaddr_in6 *)addr)->sin6_addr = in6addr_loopback;
}

static void stream(int family)
{
	struct sockaddr_storage addr;
	struct tcp_info info;
	socklen_t size, info_size = sizeof(info);
	int server = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int client = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int one = 1;

	local_address(family, &addr, &size);
	setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	bind(server, (struct sockaddr *)&addr, size);
	listen(server, 4);
	getsockname(server, (struct sockaddr *)&addr, &size);
	fcntl(server, F_SETFL, O_NONBLOCK);
	setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	setsockopt(client, SOL_SOCKET, SO_LINGER, &(struct linger){1, 0}, sizeof(struct linger));
	connect(client, (struct sockaddr *)&addr, size);

	int peer = accept4(server, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	send(client, net_buf, 3000, MSG_NOSIGNAL);
	recv(peer, net_buf, sizeof(net_buf), 0);
	send(peer, net_buf, 100, MSG_NOSIGNAL | MSG_MORE);
	getsockopt(client, IPPROTO_TCP, TCP_INFO, &info, &info_size);
	shutdown(peer, SHUT_WR);
	recv(client, net_buf, sizeof(net_buf), 0);
	close(client);
	close(peer);
	close(server);
}

static void datagram(int family)
{
	struct sockaddr_storage addr;
	socklen_t size;
	int fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	local_address(family, &addr, &size);
	bind(fd, (struct sockaddr *)&addr, size);
	getsockname(fd, (struct sockaddr *)&addr, &size);
	sendto(fd, net_buf, 200, 0, (struct sockaddr *)&addr, size);
	recv(fd, net_buf, sizeof(net_buf), 0);
	connect(fd, (struct sockaddr *)&addr, size);
	send(fd, net_buf, 200, 0);
	recv(fd, net_buf, 10, MSG_TRUNC);
	close(fd);
}

static void inet(void)
{
	stream(AF_INET);
	datagram(AF_INET);
}

static void inet6(void)
{
	stream(AF_INET6);
	datagram(AF_INET6);
}

static void netlink_dump(int fd, int type)
{
	struct {
		struct nlmsghdr head;
		struct rtgenmsg body;
	} request = {
		.head = {sizeof(request), type, NLM_F_REQUEST | NLM_F_DUMP, 1, 0},
		.body = {AF_UNSPEC},
	};

	send(fd, &request, sizeof(request), 0);
	for (int i = 0; i < 20 && recv(fd, net_buf, sizeof(net_buf), 0) > 0; i++) {
		const struct nlmsghdr *head = (const void *)net_buf;

		if (head->nlmsg_type == NLMSG_DONE || head->nlmsg_type == NLMSG_ERROR)
			break;
	}
}

static void netlink(void)
{
	static const int types[] = {RTM_GETLINK, RTM_GETADDR,  RTM_GETROUTE,	RTM_GETNEIGH,
				    RTM_GETRULE, RTM_GETQDISC, RTM_GETNEIGHTBL, RTM_GETNETCONF};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		netlink_dump(fd, types[i]);
	close(fd);
}

static void interfaces(void)
{
	struct ifreq loopback = {.ifr_name = "lo"};
	struct ifconf conf = {.ifc_len = sizeof(net_buf), .ifc_buf = net_buf};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	ioctl(fd, SIOCGIFCONF, &conf);
	ioctl(fd, SIOCGIFFLAGS, &loopback);
	ioctl(fd, SIOCGIFMTU, &loopback);
	ioctl(fd, SIOCGIFADDR, &loopback);
	close(fd);
}

static void socket_options(void)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), value;
	int raw = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP);

	for (int option = 1; option < 70; option++) {
		socklen_t size = sizeof(value);

		getsockopt(fd, SOL_SOCKET, option, &value, &size);
		size = sizeof(value);
		getsockopt(fd, IPPROTO_IP, option, &value, &size);
		size = sizeof(value);
		getsockopt(fd, IPPROTO_TCP, option, &value, &size);
	}
	close(raw);
	close(fd);
}

const struct exercise net_exercises[] = {
	{"Unix sockets", unix_sockets},
	{"TCP and UDP", inet},
	{"TCP and UDP over IPv6", inet6},
	{"netlink", netlink},
	{"network interfaces", interfaces},
	{"socket options", socket_options},
	{},
};
