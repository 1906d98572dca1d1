#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Tasks sleep in new code: the kernel must find them, or it would free the code under them.
. tests/vm/lib.sh
. tests/vm/guest.sh
need_kernel

proc=fs/proc/version.c
sleeper='{ msleep(3000); seq_puts(m, "slept"); return 0; }'
include='s|^#include <linux/fs.h>|&\n#include <linux/delay.h>|'

# A new function is the last one that the replaced function calls.
replace $proc "$include; s|^static int version_proc_show|static noinline int asleep(struct seq_file *m) $sleeper\n&|; /static int version_proc_show/,/^}/s|return 0;\$|return asleep(m);|"
patch_of asleep_tail
start build-asleep_tail --json build -k "$release" -o "$dir" --name asleep_tail "$patch"

# Another file of the patch defines the new function, which is called on a condition.
replace $proc 's,^static int version_proc_show,int asleep_there(struct seq_file *m);\n&,; /static int version_proc_show/,/^}/s,return 0;$,if (m->count > 3) return asleep_there(m); return 0;,'
replace fs/proc/loadavg.c "$include"
append fs/proc/loadavg.c "int asleep_there(struct seq_file *m); int asleep_there(struct seq_file *m) $sleeper"
patch_of asleep_across
start build-asleep_across --json build -k "$release" -o "$dir" --name asleep_across "$patch"

# The compiler splits a cold part from the replaced function.
replace $proc "$include; /^static int version_proc_show/,/^}/s|return 0;\$|if (unlikely(m->count > 3)) { pr_info(\"x\"); msleep(3000); seq_puts(m, \"slept\"); } return 0;|"
patch_of asleep_cold
start build-asleep_cold --json build -k "$release" -o "$dir" --name asleep_cold "$patch"

# A pointer leads to the new functions.
replace $proc "$include; s|^static int version_proc_show|static noinline int asleep_one(struct seq_file *m) $sleeper\nstatic noinline int asleep_two(struct seq_file *m) { msleep(3001); seq_puts(m, \"slept\"); return 0; }\nstatic int (*const asleep_by[])(struct seq_file *) = {asleep_one, asleep_two};\n&|; /static int version_proc_show/,/^}/s|return 0;\$|return asleep_by[m->count \& 1](m);|"
patch_of asleep_pointer
start build-asleep_pointer --json build -k "$release" -o "$dir" --name asleep_pointer "$patch"
wait
for name in asleep_tail asleep_across asleep_cold asleep_pointer; do
	check "$name is built" [ -e "$dir/$name.ko" ]
	check "$name has no code in which the kernel does not search for tasks" covered $name
done

# These jumps cannot become calls: arguments are on the stack.
io='struct kiocb *iocb, struct inode *inode, struct block_device *bdev, struct iov_iter *iter, get_block_t get_block, dio_iodone_t end_io'
io_args='iocb, inode, bdev, iter, get_block, end_io'
[[ $release = 6.1.* ]] && io="$io, dio_submit_t submit_io" io_args="$io_args, submit_io"
change fs/direct-io.c __blockdev_direct_IO "extern ssize_t asleep_io($io, int flags); if (flags == 77) return asleep_io($io_args, flags + 1);"
append fs/direct-io.c "__attribute__((noipa)) ssize_t asleep_io($io, int flags); ssize_t asleep_io($io, int flags) { return flags + (long)end_io + inode->i_ino; }"
replace $proc "$include; s|^static int version_proc_show|static noinline int asleep(struct seq_file *m) $sleeper\n&|; /static int version_proc_show/,/^}/s|return 0;\$|return asleep(m);|"
patch_of refused
run --json build --dry-run -k "$release" "$patch"
one tail-call refuse "fs/direct-io.c: __blockdev_direct_IO" "arguments on the stack"
none tail-call "$proc: version_proc_show"

# The same holds for jumps by pointers, if a pointer may lead to new code.
jump='if (iocb->ki_flags == 77) return'
edit_jumps() {
	change fs/direct-io.c __blockdev_direct_IO "$jump ((typeof(&__blockdev_direct_IO))iocb->private)($io_args, flags);"
	change fs/proc/uptime.c uptime_proc_show 'if (m->count > 77) return ((int (*)(struct seq_file *))m->private)(m);'
	change fs/proc/cmdline.c cmdline_proc_show 'extern int asleep_one(struct seq_file *); if (m->count > 77) m->private = asleep_one;'
	append fs/proc/cmdline.c 'int asleep_one(struct seq_file *m); int asleep_one(struct seq_file *m) { return 1; }'
}
edit_jumps
patch_of jumping
run --json build --dry-run -k "$release" "$patch"
one tail-call refuse "fs/direct-io.c: __blockdev_direct_IO" "jump by a pointer"
none tail-call "fs/proc/uptime.c: uptime_proc_show"

# Of a new function and several such jumps, the new function is refused.
edit_jumps
change fs/iomap/direct-io.c iomap_dio_rw "$jump ((typeof(&iomap_dio_rw))iocb->private)(iocb, iter, ops, dops, dio_flags, private, done_before);"
patch_of stored
run --json build --dry-run -k "$release" "$patch"
one tail-call refuse "fs/proc/cmdline.c: asleep_one" "2 functions of the patch end with a jump by a pointer"
none tail-call "fs/direct-io.c: __blockdev_direct_IO"
none tail-call "fs/iomap/direct-io.c: iomap_dio_rw"

guest_new
cp "$dir"/asleep_{tail,across,cold,pointer}.ko "$guest/modules/"
guest_pack
guest_run asleep 300
finish
