#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Rules on the real kernel's source: for each an edit that must fire it, and a near miss in the same
# file that must not.  All that fires is one run, all that must not another: findings are told apart
# by file and name, and what the units were is compiled once.  Rules that take another kernel, or
# one that was tampered with, have theirs in second.t, proof.t, build.t and flavours.t.
. tests/vm/lib.sh
need_kernel

# ---- what must fire

# Types, data and what code does.
replace fs/pipe.c 's,^(static unsigned int pipe_max_size).*,\1 = 4711;,; s,pipe_user_pages_soft,pipe_soft_limit_of_user,'
replace fs/pipe.c 's,^(pipe_fasync.*)int on,\1long on,; s,(\.fasync.*)pipe_fasync,\1(void *)pipe_fasync,'
change fs/pipe.c init_pipe_fs 'if (!pipe_fs_type.name) return -EINVAL;'
change fs/pipe.c pipe_poll 'mutex_lock(&((struct pipe_inode_info *)filp->private_data)->mutex);'
change fs/pipe.c fifo_open 'get_device(NULL);'
change fs/pipe.c pipe_read 'if (iocb->ki_pos == 77) return -EINVAL;'
change fs/pipe.c pipe_ioctl 'char room[600]; snprintf(room, sizeof(room), "%u", cmd); if (room[0] == 120) return -EINVAL;'

replace fs/eventfd.c 's,^\twait_queue_head_t wqh;,\tlong middle;\n&,; /^EXPORT_SYMBOL_GPL\(eventfd_fget\);/d'
replace fs/eventfd.c 's,^#include <linux/kernel.h>,&\n#include <linux/mii.h>,'
change fs/eventfd.c eventfd_poll 'if (!file) mii_link_ok(NULL);'
append fs/eventfd.c 'int eventfd_new_export(void); int eventfd_new_export(void) { return 7; } EXPORT_SYMBOL_GPL(eventfd_new_export);'
append fs/eventfd.c 'static int __init later(void) { return 0; } late_initcall(later);'
replace fs/signalfd.c 's,^\tsigset_t sigmask;,&\n\tlong last;,'
replace fs/timerfd.c 's,^\tbool might_cancel;,&\n\tbool in_padding;,; s,timerfd_show\>,timerfd_show_info,'
replace fs/timerfd.c 's,^static int timerfd_release,static void release_later(struct work_struct *work) { pr_info("x"); }\n&,'
change fs/timerfd.c timerfd_release '((struct timerfd_ctx *)file->private_data)->in_padding = 0; struct work_struct *w = kmalloc(sizeof(*w), GFP_KERNEL); if (w) { INIT_WORK(w, release_later); schedule_work(w); }'
replace fs/timerfd.c 's,^static DEFINE_SPINLOCK\(cancel_lock\);,&\nstatic DEFINE_SPINLOCK(other_lock);,; /^static void __timerfd_remove_cancel/,/^\}/s,&cancel_lock,\&other_lock,'
change fs/timerfd.c timerfd_tmrproc 'if (!htmr) return HRTIMER_RESTART;'
change fs/timerfd.c timerfd_setup 'if (flags == 77) return -EINVAL;'
replace fs/d_path.c 's,\bprepend_buffer\b,prepend_room,g; s,^\tint len;,\tlong more;\n&,'
replace kernel/taskstats.c 's,^\tpid_t pid;,\tchar pid[4];,; s,\b(s2?)->pid\b,*(pid_t *)\1->pid,; s,^\tREGISTER\,,&\n\tPENDING\,,'
# Renamed with all that is in it.
replace kernel/taskstats.c 's,\blistener_list\b,hearer_list,g; s,(->|\)\.)sem\b,\1gate,; s,(listeners->|i\)\.)list\b,\1all,g
	/^struct hearer_list/,/^}/{s,list_head list;,rw_semaphore gate;,; s,rw_semaphore sem;,list_head all;,}'
change kernel/taskstats.c taskstats_exit 'if (!tsk) taskstats_init_early();'
replace security/keys/keyctl_pkey.c 's,^\tOpt_hash\,,\tOpt_new\,\n&,'
replace lib/stackdepot.c 's,^\t\tu32 slabindex : .*,,; s,^\t\tu32 offset : .*,&\n\t\tu32 slabindex : STACK_ALLOC_INDEX_BITS;,'
replace lib/stackdepot.c 's,^\tdepot_stack_handle_t handle;,&\n\tu64 more;,; s,(__stack_depot_want_early_init __initdata =).*,\1 77;,'
replace lib/base64.c 's,^(int base64_encode.*)int srclen,\1long srclen,'
replace include/linux/base64.h 's,^(int base64_encode.*)int len,\1long len,'
replace kernel/kcmp.c 's,^#include <linux/file.h>,&\n#define DEBUG_WW_MUTEXES\n#include <linux/ww_mutex.h>\nstatic int kcmp_count;,; s,^static unsigned long cookies(.*)\[2\],static u32 cookies\1[4],'
change kernel/kcmp.c kcmp_ptr 'extern int no_such_function(void); if ((long)v1 == 77) return no_such_function() + kcmp_count++;'
change kernel/kcmp.c kcmp_ptr 'struct ww_acquire_ctx ctx = { .acquired = (long)v1 }; barrier_data(&ctx); if (ctx.contending_lock == v2) return 3;'

# Threads that never leave, and a task that does; a table of which the names change.
change drivers/base/devtmpfs.c devtmpfs_work_loop 'cond_resched();'
replace fs/smb/client/connect.c 's,large_buf = false;,large_buf = !server->smallbuf;,'
replace mm/oom_kill.c 's,^\t\tif \(tsk\)$,\t\tif (tsk \&\& tsk != current),'
change ipc/msg.c do_msgrcv 'if (msqid == 77) return -EINVAL;'
replace kernel/delayacct.c 's,^static (struct ctl_table),static const \1,'
replace fs/signalfd.c 's,\bsignalfd_release\b,signalfd_let_go,; s,^\tkfree\(file->private_data\);,\tif (!file->private_data) return 1;\n&,'

# Tables beside the code, and a variable that goes to another file.
replace kernel/cgroup/rstat.c 's,^BTF_ID_FLAGS\(func\, cgroup_rstat_flush.*,,'
append kernel/kcmp.c '#include <linux/kprobes.h>
NOKPROBE_SYMBOL(get_file_raw_ptr);'
append kernel/kcmp.c 'static int listed __used __section("suture_table") = 7; bool panic_on_taint_nousertaint;'
replace kernel/panic.c 's,^(bool panic_on_taint_nousertaint).*,extern \1;,'
replace drivers/net/dummy.c 's,^MODULE_ALIAS_RTNL_LINK.*,&\nMODULE_ALIAS("suture");,'
replace arch/x86/kernel/cpu/common.c '/cpu_vuln_blacklist\[\]/,/^\};/s,VULNBL_INTEL_STEPPINGS\(IVYBRIDGE\,.*,,'

# What cannot be carried over, and what is no code of this kernel.
change kernel/kcmp.c get_file_raw_ptr 'asm volatile("771:nop\n.pushsection suture_list, \"a\"\n.long 771b - .\n.popsection");'
change kernel/kcmp.c get_file_raw_ptr 'long place; asm volatile("lea 772f(%%rip), %0\n.pushsection .discard.suture, \"a\"\n772: .long 0\n.popsection" : "=r"(place)); if (place == idx) return NULL;'
change kernel/livepatch/transition.c klp_force_transition 'if (!klp_transition_patch) return;'
replace arch/x86/lib/iomap_copy_64.S 's,^\trep movsl,\tnop\n&,'
replace arch/x86/entry/vdso/vgetcpu.c 's,^\treturn 0;,\tif (cpu \&\& *cpu == 77) return 1;\n&,'
change kernel/locking/mutex.c mutex_lock 'if (!lock) return;'
change kernel/panic.c nmi_panic_self_stop 'if (!regs) return;'
change kernel/panic.c print_tainted 'if (tainted_mask == 77) { static char buf[TAINT_FLAGS_COUNT + sizeof("Tainted: ")]; return buf; }'
change net/tipc/node.c tipc_node_reset_links 'if (!n) pr_info("x");'
replace drivers/net/dummy.c 's,^#include <linux/module.h>,&\n#include <linux/mii.h>,'
change drivers/net/dummy.c dummy_dev_init 'mii_link_ok(NULL);'
change drivers/net/dummy.c dummy_dev_uninit 'asm volatile(ALTERNATIVE("", "call dummy_get_stats64", X86_FEATURE_XMM2) : ASM_CALL_CONSTRAINT);'
change drivers/gpu/drm/drm_cache.c drm_memcpy_from_wc 'asm goto("1: .byte " __stringify(BYTES_NOP5) "\n" JUMP_TABLE_ENTRY : : "i"(&has_movntdqa.key), "i"(0) : : l_yes); l_yes:;'
change arch/x86/kernel/process_32.c __show_regs 'return;'
append Documentation/index.rst 'A line.'
replace include/vdso/helpers.h 's,cpu_relax\(\);,{ cpu_relax(); cpu_relax(); },; s,seq \+ 1\),seq + 3),'
append kernel/kcmp.c 'void panic_smp_self_stop(void); void panic_smp_self_stop(void) { barrier(); }'
append crypto/asymmetric_keys/x509.asn1 '-- A line.'
replace arch/x86/realmode/rm/trampoline_64.S 's,^\tcli\>,\tnop\n&,'
replace arch/x86/boot/video-mode.c 's,^(int|u16) [a-z_]*;.*,&\nint suture_mode;,'
replace arch/x86/kernel/vmlinux.lds.S 's,^jiffies = .*,&\nsuture = 3;,'
replace include/asm-generic/vmlinux.lds.h 's,^#define LOAD_OFFSET 0,#define LOAD_OFFSET 16,'
replace kernel/bounds.c 's,(NR_PAGEFLAGS\, __NR_PAGEFLAGS)\),\1 + 1),'
replace arch/x86/kernel/asm-offsets_64.c 's,^\tBLANK\(\);,&\n\tDEFINE(SUTURE\, 77);,'
replace lib/gen_crc32table.c 's,CRC_LE_BITS > 1,CRC_LE_BITS > 2,'
replace lib/build_OID_registry 's,^use strict;,& exit 0;,'
replace arch/x86/lib/x86-opcode-map.txt 's,^01: ADD,01: SUB,'
replace net/wireless/Makefile 's,shipped_regdb_certs\[\] = \{,& 7\,,'
replace arch/x86/boot/main.c 's,^void main\(void\),int suture_main;\n&,'
replace tools/lib/string.c 's,^int strtobool.*,int suture_tool;\n&,'
replace arch/arm64/kernel/asm-offsets.c 's,^int main.*,int suture_arm;\n&,'
append samples/hw_breakpoint/data_breakpoint.c 'int suture_sample;'
append tools/lib/api/Makefile '# A line.'
change kernel/stacktrace.c stack_trace_print 'if (!entries) return;'
change kernel/jump_label.c static_key_count 'if (!key) return 0;'
change kernel/kallsyms.c kallsyms_on_each_symbol 'if (!fn) return 0;'
append arch/x86/Makefile 'KBUILD_CFLAGS += -fno-tree-vrp'
replace lib/math/Makefile 's, lcm.o,,'
remove lib/math/lcm.c
patch_of fires

# As root on a machine that runs this kernel, where others look at the functions, too.
cat >"$dir/uname.c" <<END
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

int uname(struct utsname *name)
{
	int error = syscall(SYS_uname, name);

	strcpy(name->release, "$release");
	return error;
}
END
gcc -shared -fPIC -o "$dir/uname.so" "$dir/uname.c"
cat >"$dir/list" <<'END'
ffffffff812c4a10  k  pipe_poll+0x0    [DISABLED][FTRACE]
ffffffff812c4b20  r  pipe_ioctl_more+0x0    [FTRACE]
END
cat >"$dir/here" <<END
#!/bin/sh
mount -t tmpfs none /sys/kernel/debug && mkdir /sys/kernel/debug/kprobes &&
	cp "$dir/list" /sys/kernel/debug/kprobes/ && LD_PRELOAD="$dir/uname.so" exec "$suture" "\$@"
END
chmod +x "$dir/here"
unshare -m "$dir/here" --json build -k "$release" -o "$dir/made" "$patch" >"$dir/run.out" 2>"$dir/run.err"
status=$?
load_run run
check "the whole is refused, with a report and no module" \
	[ "$status" = 3 -a "$(ls "$dir/made")" = livepatch_fires.report.json ]

one data-changed refuse "fs/pipe.c: pipe_max_size" "before 00"
one data-retyped refuse "kernel/kcmp.c: cookies" "is unsigned int [8][4], was long unsigned int [8][2]"
one data-moved refuse "kernel/panic.c: panic_on_taint_nousertaint" "moves to kernel/kcmp.c"
one data-renamed warn "fs/pipe.c: pipe_soft_limit_of_user" "pipe_user_pages_soft of the same size is gone"
one data-removed note "fs/pipe.c: pipe_user_pages_soft"
one new-state warn "kernel/kcmp.c: kcmp_count"
one layout-changed refuse "fs/eventfd.c: struct eventfd_ctx" "count moves from 32 to 40"
one layout-changed refuse "fs/signalfd.c: struct signalfd_ctx" "last is new, at 8, behind the old end; size 16, was 8; the kernel has it as it was (used by do_signalfd4)"
one layout-changed warn "fs/d_path.c: struct prepend_room" "was called struct prepend_buffer; len moves"
one layout-changed warn "fs/d_path.c: struct prepend_room" "lives on the stack"
one layout-changed refuse "lib/stackdepot.c: union handle_parts" "offset moves from 2 bit 0 to 0 bit 0"
one layout-changed refuse "lib/stackdepot.c: union handle_parts" "size 8, was 4"
one layout-extended warn "fs/timerfd.c: struct timerfd_ctx" "in what was padding"
one layout-changed refuse "kernel/taskstats.c: struct hearer_list" "was called struct listener_list; sem is gone; list is gone; all is new, at 0, in the place of sem"
one member-retyped refuse "kernel/taskstats.c: struct listener" "pid, at 16, is char [4], was int"
one enum-renumbered refuse "kernel/taskstats.c: enum actions" "DEREGISTER is 2, was 1"
one enum-renumbered refuse "security/keys/keyctl_pkey.c: enum" "Opt_hash is 3, was 2"
one type-unlike-kernel refuse "kernel/kcmp.c: struct ww_acquire_ctx" "include/linux/ww_mutex.h"
one prototype-changed warn "fs/pipe.c: pipe_fasync" "becomes int (int, struct file *, long int), and .rodata.pipefifo_fops"
one export-changed refuse "lib/base64.c: base64_encode" "becomes int (const unsigned char *, long int, char *)"
one export-new warn "fs/eventfd.c: eventfd_new_export"
one export-removed note "fs/eventfd.c: eventfd_fget"
one init-data refuse "lib/stackdepot.c: __stack_depot_want_early_init"
one symbol-unproven refuse "kernel/kcmp.c: no_such_function"
one static-local-ambiguous refuse "kernel/panic.c: buf.1"
one module-key refuse "drivers/gpu/drm/drm_cache.c: drm_memcpy_from_wc" has_movntdqa
one module-key note "net/tipc/node.c: tipc_node_reset_links" tracepoint
one late-relocation refuse "drivers/net/dummy.c: dummy_get_stats64"
one init-function refuse "fs/pipe.c: init_pipe_fs"
one init-reference refuse "kernel/taskstats.c: taskstats_init_early"
one registration refuse "fs/eventfd.c: later"
one registration refuse "kernel/kcmp.c: listed" "through section suture_table"
one init-data refuse "arch/x86/kernel/cpu/common.c: cpu_vuln_blacklist"
one table-changed refuse "kernel/cgroup/rstat.c: .BTF_ids" "drops func__cgroup_rstat_flush"
one table-changed warn "kernel/kcmp.c: _kprobe_blacklist" "adds get_file_raw_ptr"
one table-changed note "drivers/net/dummy.c: .modinfo" "adds alias=suture"
one not-traceable refuse "lib/base64.c: base64_encode"
one own-ground refuse "kernel/livepatch/transition.c"
one assembly refuse "arch/x86/lib/iomap_copy_64.S"
one change-lost refuse "arch/x86/entry/vdso/vgetcpu.c"
one change-lost refuse "include/vdso/helpers.h" "the vDSO also contains this code"
one change-lost refuse "kernel/kcmp.c: panic_smp_self_stop" "keeps calling it"
one change-lost refuse "crypto/asymmetric_keys/x509.asn1" "generated from this one"
one own-ground refuse "kernel/stacktrace.c"
one own-ground refuse "kernel/jump_label.c"
one own-ground refuse "kernel/kallsyms.c: kallsyms_on_each_symbol"
for lost in arch/x86/realmode/rm/trampoline_64.S arch/x86/boot/video-mode.c; do
	one change-lost refuse $lost "real-mode code"
done
for lost in arch/x86/kernel/vmlinux.lds.S include/asm-generic/vmlinux.lds.h; do
	one change-lost refuse $lost "layout of code already in memory"
done
for lost in kernel/bounds.c arch/x86/kernel/asm-offsets_64.c lib/gen_crc32table.c lib/build_OID_registry \
	arch/x86/lib/x86-opcode-map.txt; do
	one change-lost refuse $lost "generated from this one"
	none not-built $lost
	none file-skipped $lost
done
one change-lost refuse "net/wireless/Makefile" "how generated files are built"
for apart in arch/x86/boot/main.c tools/lib/string.c arch/arm64/kernel/asm-offsets.c tools/lib/api/Makefile; do
	one file-skipped note $apart
	none change-lost $apart
	none not-built $apart
done
one not-built note samples/hw_breakpoint/data_breakpoint.c
none file-skipped samples/hw_breakpoint/data_breakpoint.c
none change-lost lib/math/Makefile
one change-lost refuse "arch/x86/Makefile" "how every file is built"
one unknown-section refuse "kernel/kcmp.c: __do_sys_kcmp" suture_list
one reference-lost refuse "kernel/kcmp.c: __do_sys_kcmp" .discard.suture
one short-jump refuse "kernel/locking/mutex.c: mutex_lock" __mutex_lock_slowpath
one symbol-in-module refuse "fs/eventfd.c: mii_link_ok"
one new-dependency refuse "drivers/net/dummy.c: mii_link_ok"
one locks-changed warn "fs/pipe.c: pipe_poll" "mutex_lock 0 → 1"
one locks-changed warn "fs/timerfd.c: timerfd_release" "takes or passes on other_lock"
one references-changed warn "fs/pipe.c: fifo_open" "get_device 0 → 1"
one long-sleep warn "fs/pipe.c: pipe_read"
one long-sleep note "fs/pipe.c: fifo_open" schedule
one long-sleep warn "drivers/base/devtmpfs.c: devtmpfs_work_loop" "loop of a kernel thread (it never returns)"
one long-sleep warn "fs/smb/client/connect.c: cifs_demultiplex_thread" "a thread is made of it"
one long-sleep warn "mm/oom_kill.c: oom_reaper" "loop of a kernel thread"
check "user tasks are no thread" json 'any(.findings[]; .rule == "long-sleep" and
	.where == "ipc/msg.c: do_msgrcv" and .severity == "warn" and (.remedy | contains("thread") | not))'
check "const is to be left out" json 'any(.findings[]; .rule == "data-changed" and
	.where == "kernel/delayacct.c: kern_delayacct_table" and (.remedy | contains("const")))'
check "a name is to be kept" json 'any(.findings[]; .rule == "data-changed" and
	.where == "fs/signalfd.c: signalfd_fops" and (.remedy | contains("old name")))'
check "functions and variables have lines" json '[.findings[] | select(.line == 0 and
	(.where | test("fs/pipe.c: (pipe_max_size|pipe_read|pipe_poll|fifo_open|pipe_ioctl)$")))] == []'
one callback-changed warn "fs/timerfd.c: timerfd_tmrproc"
one address-stored warn "fs/timerfd.c: release_later"
one stack-frame warn "fs/pipe.c: pipe_ioctl" "640 bytes"
one hot-function warn "kernel/locking/mutex.c: mutex_lock"
one in-use warn "fs/pipe.c: pipe_poll" "has a kprobe"
one overridden note "kernel/panic.c: nmi_panic_self_stop"
one not-built note "arch/x86/kernel/process_32.c"
one file-skipped note "Documentation/index.rst"
one function-removed note "fs/timerfd.c: timerfd_show"
one unit-removed note "lib/math/lcm.c"

none init-data "lib/stackdepot.c: __stack_depot_early_init_passed"
none in-use "fs/pipe.c: pipe_ioctl"
none not-built "drivers/net/dummy.c"
none file-skipped "include/linux/base64.h"

# ---- near misses

replace fs/pipe.c 's,^static unsigned int pipe_max_size.*,&\nstatic const unsigned int odd_sizes[] = { 4711\, 4713\, 4717 };,'
change fs/pipe.c pipe_ioctl 'char room[100]; snprintf(room, sizeof(room), "%u", odd_sizes[cmd % 3]); if (room[0] == 120) return -EINVAL;'
change fs/pipe.c pipe_poll 'if (!wait) return 0;'
replace fs/eventfd.c 's,^\twait_queue_head_t wqh;,#ifdef CONFIG_NO_SUCH_OPTION\n\tlong middle;\n#endif\n&,'
change fs/eventfd.c eventfd_ctx_do_read 'if (!ctx) return;'
change fs/eventfd.c eventfd_poll 'if (!file) ktime_get();'
replace fs/signalfd.c 's,^struct signalfd_ctx,struct newcomer { long a\, b; };\nenum newcomers { ONE = 1\, TWO };\n&,'
change fs/signalfd.c signalfd_poll 'struct newcomer n = { (long)file, 0 }; enum newcomers one = n.a & TWO; if (n.a == n.b + one) return 0;'
replace fs/timerfd.c 's,^\tshort unsigned expired;,\tu16 expired;,; s,^static int timerfd_release,static noinline int release_now(int x) { pr_info("x"); return x; }\n&,'
change fs/timerfd.c timerfd_release 'release_now(1);'
change fs/timerfd.c timerfd_tmrproc 'if (!htmr) return HRTIMER_RESTART;'
replace kernel/taskstats.c 's,^\tCPU_DONT_CARE,&\,\n\tPENDING,; s,^\tpid_t pid;,\t__kernel_pid_t pid;,; s,\blistener_list\b,hearer_list,g'
replace kernel/taskstats.c 's/mask, (REGISTER|DEREGISTER)\)/mask, \1, (long)mask % 77)/; s/int isadd\)/int isadd, long more)/'
change kernel/taskstats.c add_del_listener 'if (pid == more + PENDING) return -EINVAL;'
replace lib/base64.c 's,^(int base64_encode.*int )srclen\,,\1len\,,; s,i < srclen; i\+\+\) \{$,i < len; i++) {,;/^int base64_decode/,$ s,i < len;,i < srclen;,'
replace arch/x86/lib/iomap_copy_64.S 's,^\trep movsl,\t/* words */\n&,'
replace kernel/cgroup/rstat.c 's,^BTF_SET8_START,\n/* further down */\n&,'
change kernel/cgroup/rstat.c cgroup_rstat_updated 'static DEFINE_PER_CPU(int, calls); this_cpu_inc(calls);'
replace arch/x86/entry/vdso/vgetcpu.c 's,^\treturn 0;,\t/* always */\n&,'
replace kernel/kcmp.c 's,^#include <linux/file.h>,&\n#include <linux/ww_mutex.h>,; s,^static unsigned long cookies,typedef unsigned long cookie_t;\nstatic cookie_t cookies,'
change kernel/kcmp.c kcmp_ptr 'struct ww_acquire_ctx ctx = { .acquired = (long)v1 }; barrier_data(&ctx); if (ctx.acquired == type) return 3;'
change kernel/kcmp.c get_file_raw_ptr 'static int used_here __section("suture_table") = 7; if (used_here++ == idx) return NULL;'
change kernel/kcmp.c get_file_raw_ptr 'asm volatile("nop\n.pushsection .discard.suture, \"a\"\n.long 0\n.popsection");'
change kernel/locking/mutex.c __mutex_init 'if (!lock) return;'
change kernel/panic.c print_tainted 'static char text[TAINT_FLAGS_COUNT + sizeof("Tainted: ")]; if (test_taint(77)) return text;'
change drivers/net/dummy.c dummy_dev_init 'ktime_get();'
change drivers/net/dummy.c dummy_dev_uninit 'asm volatile(ALTERNATIVE("", "call ktime_get", X86_FEATURE_XMM2) : ASM_CALL_CONSTRAINT);'
replace Makefile 's,^SUBLEVEL =.*,SUBLEVEL = 999,'
change include/vdso/helpers.h vdso_write_begin 'barrier();'
append kernel/kcmp.c 'int pipe_poll(void); int pipe_poll(void) { return 3; }'
append net/tipc/README 'A line.'
remove arch/x86/kernel/process_32.c
patch_of misses
run --json build -k "$release" -o "$dir/made" --dry-run "$patch"
check "the near misses can be live-patched" json '.verdict == "livepatchable"'
check "and write nothing" [ "$(ls "$dir/made")" = livepatch_fires.report.json ]

none data-changed "fs/pipe.c: pipe_max_size"
none data-retyped "kernel/kcmp.c: cookies"
none data-moved "kernel/kcmp.c: panic_on_taint_nousertaint"
none data-renamed "fs/pipe.c: odd_sizes"
none new-state "fs/pipe.c: odd_sizes"
none data-removed "fs/pipe.c: pipe_user_pages_soft"
none layout-changed "fs/eventfd.c: struct eventfd_ctx"
none layout-changed "kernel/taskstats.c: struct hearer_list"
none layout-changed "fs/signalfd.c: struct newcomer"
none layout-extended "fs/timerfd.c: struct timerfd_ctx"
none member-retyped "fs/timerfd.c: struct timerfd_ctx"
none member-retyped "kernel/taskstats.c: struct listener"
none enum-renumbered "kernel/taskstats.c: enum actions"
one enum-extended note "kernel/taskstats.c: enum actions" "PENDING is new, 3"
none enum-extended "fs/signalfd.c: enum newcomers"
none type-unlike-kernel "kernel/kcmp.c: struct ww_acquire_ctx"
none prototype-changed "kernel/taskstats.c: add_del_listener"
none export-changed "lib/base64.c: base64_encode"
none export-new "fs/eventfd.c: eventfd_ctx_do_read"
none export-removed "fs/eventfd.c: eventfd_fget"
none symbol-unproven "fs/eventfd.c: ktime_get"
none static-local-ambiguous "kernel/panic.c: text.1"
none module-key "drivers/net/dummy.c: dummy_dev_init"
none late-relocation "drivers/net/dummy.c: ktime_get"
none init-function "fs/pipe.c: pipe_ioctl"
none init-reference "kernel/taskstats.c: taskstats_init_early"
none registration "fs/pipe.c: init_pipe_fs"
none registration "kernel/kcmp.c: used_here"
none table-changed "kernel/cgroup/rstat.c: .BTF_ids"
none not-traceable "kernel/panic.c: print_tainted"
none own-ground "kernel/panic.c"
none assembly "arch/x86/lib/iomap_copy_64.S"
none change-lost "arch/x86/entry/vdso/vgetcpu.c"
none change-lost "Makefile"
none change-lost "net/tipc/README"
none change-lost "kernel/kcmp.c: pipe_poll"
none change-lost "include/vdso/helpers.h"
none unknown-section "kernel/kcmp.c: __do_sys_kcmp"
none reference-lost "kernel/kcmp.c: __do_sys_kcmp"
none short-jump "kernel/locking/mutex.c: __mutex_init"
none symbol-in-module "fs/eventfd.c: ktime_get"
none new-dependency "drivers/net/dummy.c: ktime_get"
none locks-changed "fs/pipe.c: pipe_poll"
none references-changed "fs/pipe.c: pipe_ioctl"
none long-sleep "fs/pipe.c: pipe_ioctl"
none callback-changed "fs/timerfd.c: timerfd_tmrproc"
none address-stored "fs/timerfd.c: release_now"
none stack-frame "fs/pipe.c: pipe_ioctl"
none hot-function "kernel/locking/mutex.c: __mutex_init"
none overridden "kernel/panic.c: print_tainted"
none function-removed "fs/timerfd.c: timerfd_show"
none unit-removed "arch/x86/kernel/process_32.c"

# ---- what an author allows

replace fs/pipe.c 's,^(static unsigned int pipe_max_size).*,\1 = 4711;,'
change fs/pipe.c pipe_poll 'if (!wait) return 0;'
patch_of allowed
run --json build -k "$release" -o "$dir/allowed" --allow data-changed='set by sysctl anyway' "$patch"
check "an allowed finding does not refuse" json '.verdict == "livepatchable" and
	.allowed == [{"rule": "data-changed", "reason": "set by sysctl anyway"}] and
	any(.findings[]; .rule == "data-changed" and .allowed == "set by sysctl anyway")'
run --json show "$dir/allowed/livepatch_allowed.ko"
check "the module says so" json '.allowed == ["data-changed set by sysctl anyway"]'

# ---- the page

# The tags of a page are closed in the order that they were opened in, and there is no script.
is_page() {
	python3 - "$1" <<-'END'
		import sys
		from html.parser import HTMLParser

		open_tags = []
		class Page(HTMLParser):
		    def handle_starttag(self, tag, attrs):
		        if tag not in ("meta", "br"):
		            open_tags.append(tag)
		        if tag in ("script", "i", "link", "img"):
		            sys.exit(f"a tag {tag}")
		    def handle_endtag(self, tag):
		        if open_tags.pop() != tag:
		            sys.exit(f"{tag} closes another")
		Page().feed(open(sys.argv[1], encoding="utf-8").read())
		sys.exit(len(open_tags))
	END
}

cp "$patch" "$dir/<i>&\"x\".patch"
run build -k "$release" --dry-run --html "$dir/page.html" "$dir/<i>&\"x\".patch"
page=$(cat "$dir/page.html")
check "a page" is_page "$dir/page.html"
check "text of others is escaped" contains "$page" '&lt;i&gt;&amp;&quot;x&quot;.patch'
check "verdict" contains "$page" "Refused: "
check "finding and rule" contains "$page" "<code>data-changed</code>"
check "function" contains "$page" "<b>pipe_poll</b>"
check "source" contains "$page" '<span class="add">+'
check "code of both sides" contains "$page" '<td class="add">'
run -q build -k "$release" --dry-run --html "$dir/none/page.html" "$patch"
check "a page that cannot be written" fails 1 "$dir/none/page.html"
run build -k "$release" --dry-run --allow init-function='not here' "$patch"
check "allowing another rule does not help" [ "$status" = 3 ]
finish
