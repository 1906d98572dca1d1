/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * net/ipv4/udp.c: a router says that a packet was too large.  Since the fix the path's MTU is
 * learnt even if the socket that sent the packet is gone; before, it was not.
 */
#include <arpa/inet.h>
#include <linux/route.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <netinet/udp.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define PEER "10.9.9.9"
#define MTU 1000

struct message {
	struct icmphdr icmp;
	struct iphdr ip; /* of the packet that was too large */
	struct udphdr udp;
} __attribute__((packed));

static unsigned short checksum(const void *data, size_t size)
{
	const unsigned char *byte = data;
	unsigned sum = 0;

	for (size_t i = 0; i < size; i++)
		sum += i & 1 ? byte[i] : byte[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons(~sum);
}

static void set_address(struct sockaddr *addr, const char *text)
{
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(9)};

	inet_pton(AF_INET, text, &in.sin_addr);
	memcpy(addr, &in, sizeof(in));
}

static int path_mtu(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0), mtu = -1;
	socklen_t size = sizeof(mtu);
	struct sockaddr peer;

	set_address(&peer, PEER);
	if (connect(fd, &peer, sizeof(peer)) ||
	    getsockopt(fd, IPPROTO_IP, IP_MTU, &mtu, &size))
		perror("path MTU");
	close(fd);
	return mtu;
}

int main(void)
{
	struct rtentry route = {.rt_flags = RTF_UP | RTF_HOST, .rt_dev = (char *)"lo"};
	struct message message = {
		.icmp = {.type = ICMP_DEST_UNREACH, .code = ICMP_FRAG_NEEDED},
		.ip = {.version = 4, .ihl = 5, .ttl = 64, .protocol = IPPROTO_UDP},
		.udp = {.source = htons(40000), .dest = htons(9), .len = htons(1400)},
	};
	int raw = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
	struct sockaddr self;

	set_address(&route.rt_dst, PEER);
	ioctl(raw, SIOCADDRT, &route);

	int before = path_mtu();

	message.icmp.un.frag.mtu = htons(MTU);
	message.ip.tot_len = htons(1420);
	inet_pton(AF_INET, "127.0.0.1", &message.ip.saddr);
	inet_pton(AF_INET, PEER, &message.ip.daddr);
	message.ip.check = checksum(&message.ip, sizeof(message.ip));
	message.icmp.checksum = checksum(&message, sizeof(message));
	set_address(&self, "127.0.0.1");
	if (sendto(raw, &message, sizeof(message), 0, &self, sizeof(self)) < 0) {
		perror("sendto");
		return 2;
	}
	usleep(100000);

	int after = path_mtu();

	ioctl(raw, SIOCDELRT, &route); /* and what was learnt with it */
	printf("path MTU %d, then %d\n", before, after);
	return after != MTU;
}
