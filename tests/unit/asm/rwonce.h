/* SPDX-License-Identifier: GPL-2.0-or-later */
#define READ_ONCE(x) (*(const volatile typeof(x) *)&(x))
