/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds a place in a sorted array by bisection. */
#ifndef SUTURE_BASE_LOWER_BOUND_H
#define SUTURE_BASE_LOWER_BOUND_H

#include <stddef.h>

/*
 * Returns the index of the first element for which the expression is_before is false, or len if it
 * is true for all. The expression has a pointer to the element in `it`, and must be true for the
 * first elements of the array only.
 */
#define lower_bound(data, len, it, is_before)                                                      \
	({                                                                                         \
		__typeof__((data) + 0) data_ = (data);                                             \
		size_t low_ = 0, high_ = (len);                                                    \
                                                                                                   \
		while (low_ < high_) {                                                             \
			size_t middle_ = low_ + (high_ - low_) / 2;                                \
			__typeof__(data_) it = data_ + middle_;                                    \
                                                                                                   \
			if (is_before)                                                             \
				low_ = middle_ + 1;                                                \
			else                                                                       \
				high_ = middle_;                                                   \
		}                                                                                  \
		low_;                                                                              \
	})

#endif
