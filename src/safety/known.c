/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists functions of the kernel by what they do, as shell patterns. */
#include "safety/known.h"

#include <fnmatch.h>
#include <string.h>
#include <stddef.h>

/* The lists are wrapped by hand, since clang-format would put each name on a line of its own. */
/* clang-format off */

/* These functions take a lock. */
static const char *const known_acquire[] = {
	"!*test_lock", "!*posix_lock*", "!*flock*", "!vfs_*", "!*init_lock", "!*free_lock",
	"!*alloc_lock", "!*get_lock", "!*is_lock", "!*has_lock", "!*_unlock", "*_lock",
	"*_trylock", "trylock_page", "trylock_buffer", "*_ilock", "*_ilock_nowait", "*_rq_lock*", "__lock_task_sighand",
	"ldsem_down_*", "lock_two_*", "lock_rename*", "lock_mount*", "__local_bh_disable_ip",
	"preempt_disable", "_raw_spin_lock*", "_raw_read_lock*", "_raw_write_lock*",
	"_raw_spin_trylock*", "mutex_lock*", "mutex_trylock*", "__mutex_lock*", "ww_mutex_lock*",
	"rt_mutex_lock*", "rt_mutex_base_lock*", "rt_spin_lock*", "rt_read_lock*",
	"rt_write_lock*", "down", "down_*", "percpu_down_*", "__percpu_down_read",
	"lock_sock_nested", "lock_sock_fast", "__lock_sock*", "__rcu_read_lock",
	"__srcu_read_lock*", "rtnl_lock*", "rtnl_trylock", "console_lock", "cpus_read_lock",
	"cpus_write_lock", "lock_page*", "__folio_lock*", "__lock_buffer", "bit_spin_lock",
	"queued_*_lock_slowpath", "device_lock", "arch_local_irq_disable", "arch_local_irq_save",
	"do_raw_write_seqcount_begin", "raw_write_seqcount_latch", "pagefault_disable",
	"local_lock_acquire", "migrate_disable", "__raw_spin_lock*", "__raw_read_lock*",
	"__raw_write_lock*", "__raw_spin_trylock*", "percpu_down_read*", "read_seqbegin*",
	"__seqprop_sequence", "__seqprop_*_sequence", "disable_irq", "disable_irq_nosync",
	"disable_hardirq", "disable_nmi_nosync", "disable_percpu_irq", "napi_disable*",
	"test_and_set_bit", "test_and_set_bit_lock", "atomic_cmpxchg*", "atomic_try_cmpxchg*",
	"atomic_xchg*", "atomic64_cmpxchg*", "atomic64_try_cmpxchg*", "atomic64_xchg*",
	"atomic_long_cmpxchg*", "atomic_long_try_cmpxchg*", "atomic_long_xchg*",
	NULL,
};

/* These functions release a lock. */
static const char *const known_release[] = {
	"*_unlock", "*_iunlock", "*_rq_unlock*", "ldsem_up_*", "unlock_two_*", "unlock_rename*",
	"unlock_mount", "__local_bh_enable_ip", "preempt_enable", "_raw_spin_unlock*",
	"_raw_read_unlock*", "_raw_write_unlock*", "mutex_unlock", "ww_mutex_unlock",
	"rt_mutex_unlock", "rt_spin_unlock*", "rt_read_unlock*", "rt_write_unlock*", "up",
	"up_read", "up_write", "percpu_up_*", "release_sock", "__rcu_read_unlock",
	"__srcu_read_unlock*", "rtnl_unlock*", "console_unlock", "cpus_read_unlock",
	"cpus_write_unlock", "unlock_page", "folio_unlock", "unlock_buffer",
	"arch_local_irq_enable", "arch_local_irq_restore", "do_raw_write_seqcount_end",
	"pagefault_enable", "local_lock_release", "migrate_enable", "__raw_spin_unlock*",
	"__raw_read_unlock*", "__raw_write_unlock*", "read_seqretry*", "do_read_seqcount_retry",
	"do___read_seqcount_retry", "enable_irq", "enable_nmi", "enable_percpu_irq",
	"napi_enable*", "clear_bit_unlock", "__clear_bit_unlock",
	"clear_bit_unlock_is_negative_byte", "xor_unlock_is_negative_byte", "test_and_clear_bit",
	NULL,
};

/* These functions take or drop a reference. */
static const char *const known_reference[] = {
	"!refcount_read", "!refcount_set*", "!kref_init", "!kref_read", "refcount_*",
	"__refcount_*", "kref_*", "lockref_*", "kobject_get*", "kobject_put", "get_device", "put_device",
	"fget*", "fput*", "dget*", "dput", "igrab", "iget*", "iput", "mntget", "mntput",
	"path_get", "path_put", "__put_task_struct*", "put_pid*", "get_pid*", "__put_cred",
	"free_uid", "kernfs_get", "kernfs_put", "module_put", "try_module_get", "__module_get",
	"dev_put*", "dev_hold*", "__dev_put", "__dev_hold", "netdev_hold", "netdev_put", "__put_net", "sk_free", "sock_put", "put_page", "__folio_put",
	"mmput*", "mmdrop*", "__mmdrop", "kfree_skb*", "css_put*", "blk_put_queue",
	"dst_release*", "bio_put", "bio_get", "usb_get_dev", "usb_put_dev", "usb_get_intf",
	"usb_put_intf", "usb_get_urb", "usb_free_urb", "pci_dev_get", "pci_dev_put",
	"scsi_device_get", "scsi_device_put", "scsi_host_get", "scsi_host_put", "pm_runtime_get*",
	"pm_runtime_put*", "__pm_runtime_resume", "__pm_runtime_idle", "__pm_runtime_suspend",
	"drm_dev_get", "drm_dev_put", "neigh_destroy", "bdput", "of_node_get", "of_node_put",
	"fwnode_handle_put", "dma_buf_put", "file_free*", "mmgrab", "mmget*", "get_page",
	"folio_get", "folio_ref_*", "page_ref_*", "try_get_page", "ihold", "percpu_ref_*",
	"atomic_inc*", "atomic_dec*", "atomic_add*", "atomic_sub*", "atomic_fetch_*",
	"atomic64_inc*", "atomic64_dec*", "atomic64_add*", "atomic64_sub*", "atomic64_fetch_*",
	"atomic_long_inc*", "atomic_long_dec*", "atomic_long_add*", "atomic_long_sub*",
	"atomic_long_fetch_*",
	NULL,
};

/*
 * These locks and references are inlined, so that no call of them remains. Some contain calls that
 * many of them have in common (refcount_warn_saturate()), or that kernels without preemption do not
 * have: those inline __raw_spin_unlock_irq(), __raw_read_unlock() and the like
 * (kernel/Kconfig.locks). References of network devices and readers of percpu-rwsem.h are counters
 * of each processor (include/linux/netdevice.h, CONFIG_PCPU_DEV_REFCNT).
 */
static const char *const known_inline[] = {
	"arch_local_irq_disable", "arch_local_irq_enable", "arch_local_irq_save",
	"arch_local_irq_restore", "do_raw_write_seqcount_begin", "do_raw_write_seqcount_end",
	"raw_write_seqcount_latch", "bit_spin_lock", "bit_spin_trylock", "bit_spin_unlock",
	"__bit_spin_unlock", "hlist_bl_lock", "hlist_bl_unlock", "pagefault_disable",
	"pagefault_enable", "local_lock_acquire", "local_lock_release", "migrate_disable",
	"migrate_enable", "mmgrab", "mmget", "mmget_not_zero", "get_page", "folio_get",
	"folio_ref_*", "page_ref_*", "try_get_page", "bio_get", "ihold", "percpu_ref_get*",
	"percpu_ref_put*", "percpu_ref_tryget*", "atomic_inc*", "atomic_dec*", "atomic_add*",
	"atomic_sub*", "atomic_fetch_add*", "atomic_fetch_sub*", "atomic_fetch_inc*",
	"atomic_fetch_dec*", "atomic64_inc*", "atomic64_dec*", "atomic64_add*", "atomic64_sub*",
	"atomic64_fetch_*", "atomic_long_inc*", "atomic_long_dec*", "atomic_long_add*",
	"atomic_long_sub*", "atomic_long_fetch_*", "refcount_inc*", "refcount_dec*",
	"refcount_add*", "refcount_sub*", "__refcount_inc*", "__refcount_dec*", "__refcount_add*",
	"__refcount_sub*", "kref_get*", "kref_put*", "dev_hold*", "dev_put*", "netdev_hold",
	"netdev_put", "__dev_hold", "__dev_put", "__raw_spin_*lock*", "__raw_read_*lock*",
	"__raw_write_*lock*", "percpu_down_read*", "percpu_up_read", "read_seqbegin*",
	"read_seqretry*", "do_read_seqcount_retry", "do___read_seqcount_retry",
	"__seqprop_sequence", "__seqprop_*_sequence", "folio_trylock", "trylock_page",
	"trylock_buffer", "test_and_set_bit", "test_and_set_bit_lock", "test_and_clear_bit",
	"clear_bit_unlock", "__clear_bit_unlock", "clear_bit_unlock_is_negative_byte",
	"xor_unlock_is_negative_byte", "atomic_cmpxchg*", "atomic_try_cmpxchg*", "atomic_xchg*",
	"atomic64_cmpxchg*", "atomic64_try_cmpxchg*", "atomic64_xchg*", "atomic_long_cmpxchg*",
	"atomic_long_try_cmpxchg*", "atomic_long_xchg*",
	NULL,
};

/*
 * These inlined functions contain such an instruction, and also a call by which they are
 * recognised.
 */
static const char *const known_covered[] = {
	"mmdrop*", "put_page", "folio_put*",
	NULL,
};

/* These functions are called in the loop of a kernel thread. */
static const char *const known_thread_loop[] = {
	"kthread_should_stop", "kthread_should_park", "kthread_freezable_should_stop",
	"kthread_parkme", "__kthread_parkme",
	NULL,
};

/* These functions sleep, possibly for a long time. */
static const char *const known_sleep[] = {
	"schedule", "schedule_timeout*", "schedule_hrtimeout*", "io_schedule*", "wait_woken",
	"wait_for_completion_interruptible", "wait_for_completion_killable", "rcu_wait*",
	NULL,
};

/*
 * These functions may sleep, for a long time or briefly. The list began with the functions of Linux
 * 6.1 and 6.12 that call might_sleep() or the like. It is kept by hand and not complete; patterns
 * stand for families of functions. Allocators are judged by their flags (safety/alloc_sizes.h).
 */
static const char *const known_blocking[] = {
	/* kernel/sched: _cond_resched() in 5.10, __SCT__cond_resched with PREEMPT_DYNAMIC */
	"schedule", "schedule_*", "io_schedule*", "yield", "yield_to", "__cond_resched*",
	"_cond_resched", "__SCT__cond_resched", "__SCT__might_resched", "preempt_schedule*",
	"__SCT__preempt_schedule*", "wait_for_*", "__wait_for_*", "wait_woken", "wait_on_*",
	"__wait_on_*", "out_of_line_wait_on_*", "rcu_wait*",
	"msleep*", "usleep_range*", "fsleep", "set_cpus_allowed_ptr", "stop_machine*",
	"stop_one_cpu", "stop_cpus", "set_freezable", "__refrigerator",
	/* kernel/locking */
	"mutex_lock*", "__mutex_lock*", "ww_mutex_lock*", "rt_mutex_lock*", "atomic_dec_and_mutex_lock",
	"down", "down_read", "down_read_[!t]*", "down_write", "down_write_[!t]*",
	"down_interruptible", "down_killable", "down_timeout", "_down_write_nest_lock",
	"__percpu_down_read", "percpu_down_*", "percpu_free_rwsem", "percpu_rwsem_*",
	"ldsem_down_read", "ldsem_down_write", "lockdep_register_key", "lockdep_unregister_key",
	/* RCU and SRCU */
	"synchronize_*", "rcu_barrier*", "srcu_barrier", "cleanup_srcu_struct", "__wait_rcu_gp",
	"kvfree_rcu_barrier", "cond_synchronize_*", "rcu_sync_*",
	/* work queues, threads, timers, interrupts, processors */
	"flush_work*", "flush_delayed_work", "flush_rcu_work", "__flush_workqueue",
	"__flush_work*", "drain_workqueue", "destroy_workqueue", "alloc_workqueue*",
	"cancel_work_sync", "cancel_delayed_work_sync", "disable_work_sync",
	"disable_delayed_work_sync", "work_on_cpu*", "schedule_on_each_cpu", "kthread_stop*",
	"kthread_flush_*", "kthread_park", "kthread_parkme", "kthread_cancel_*",
	"kthread_create_*", "kthread_destroy_worker", "irq_work_sync", "tasklet_kill",
	"tasklet_unlock_wait", "disable_irq", "synchronize_irq", "free_irq", "devm_free_irq",
	"request_threaded_irq", "request_any_context_irq", "devm_request_*irq",
	"handle_nested_irq", "cpus_read_lock", "cpus_write_lock", "cpu_hotplug_disable",
	"cpu_hotplug_enable", "__cpuhp_*", "async_synchronize_*", "tracepoint_*_register*",
	"static_key_slow_*", "static_key_enable", "static_key_disable", "text_poke_bp",
	"register_*", "unregister_*", "__register_*", "__unregister_*",
	/* user memory, and memory as a whole */
	"copy_from_user*", "_copy_from_user*", "__copy_from_user*", "copy_to_user*", "_copy_to_user*",
	"__copy_to_user*", "copy_user_*", "clear_user*", "__clear_user", "strncpy_from_user*",
	"strnlen_user*", "strndup_user", "__get_user_[1248]", "__put_user_[1248]",
	"_copy_from_iter*", "_copy_to_iter", "copy_page_*_iter*", "fault_in_*", "get_user_pages*",
	"pin_user_pages*", "unpin_user_pages*", "memdup_user*", "vmemdup_user*", "access_process_vm",
	"access_remote_vm", "vmalloc*", "vzalloc*", "__vmalloc*", "vmap", "vmap_pfn",
	"vm_unmap_ram", "vm_map_ram", "kvmalloc*", "__kvmalloc*", "kvrealloc*", "kmap_high",
	"kmem_cache_create*", "__kmem_cache_create*", "kmem_cache_destroy", "kmem_cache_shrink",
	"__alloc_percpu", "mempool_create*", "mempool_resize", "dma_pool_create", "dma_pool_destroy",
	"mmput", "mmap_*lock", "vm_mmap", "vm_munmap", "vm_brk*", "exit_mmap", "unmap_mapping_*",
	"truncate_*", "invalidate_inode_pages2*", "invalidate_mapping_pages", "read_cache_page*",
	"read_cache_folio", "filemap_write_and_wait*", "filemap_fdatawait*", "filemap_fdatawrite*",
	"__filemap_fdatawrite*", "generic_file_*_iter", "generic_perform_write", "__folio_lock*",
	"__lock_page*", "folio_wait_*", "balance_dirty_pages*", "migrate_pages", "shmem_file_setup*",
	"mmu_notifier_register", "__mmu_notifier_*", "mmu_interval_*", "swap_*page",
	"mem_cgroup_handle_over_high", "lru_add_drain_all", "shrinker_free",
	/* files, mounts, block devices */
	"fput", "__fput*", "filp_open*", "filp_close", "file_open_*", "dput", "iput", "dentry_open",
	"kern_path*", "user_path*", "path_put", "mntput", "mnt_want_write*", "kern_mount",
	"kern_unmount", "vfs_[!t]*", "kernel_read*", "kernel_write", "__kernel_write",
	"lookup_one*", "lookup_positive_unlocked", "notify_change", "write_inode_now", "sync_*",
	"__sb_start_write", "freeze_super", "thaw_super", "deactivate_super", "sget*", "iget_locked",
	"iget5_locked", "simple_pin_fs", "simple_release_fs", "seq_read*", "seq_open*",
	"__lock_buffer", "__wait_on_buffer", "__bread*", "__getblk*", "sync_dirty_buffer",
	"__sync_dirty_buffer", "submit_bio*", "submit_bh*", "blkdev_*", "bdev_*freeze*", "bdev_thaw",
	"blk_execute_rq", "blk_mq_freeze_*", "blk_mq_quiesce_*", "blk_mq_alloc_*", "blk_mq_init_*",
	"blk_cleanup_*", "del_gendisk", "put_disk", "jbd2_journal_*", "jbd2__journal_start",
	"proc_create*", "proc_remove", "proc_mkdir*", "remove_proc_*", "debugfs_*", "tracefs_*",
	"sysfs_create_*", "sysfs_remove_*", "sysfs_notify", "kernfs_*remove*", "kernfs_create_*",
	"kobject_add", "kobject_init_and_add", "kobject_del", "kobject_put", "kobject_uevent*",
	"kobject_rename", "kset_*register",
	/* devices */
	"device_add*", "device_del", "device_register", "device_unregister", "device_create*",
	"device_destroy", "device_*attach*", "device_release_driver", "device_for_each_child*",
	"device_rename", "device_move", "put_device", "driver_register", "driver_unregister",
	"bus_*register", "class_*register", "class_create*", "__class_create", "__class_register",
	"class_destroy", "platform_device_*", "platform_get_irq*", "misc_register",
	"misc_deregister", "cdev_del", "cdev_device_*", "bus_for_each_*", "bus_rescan_devices*",
	"wait_for_device_probe", "driver_attach", "__pm_runtime_resume", "__pm_runtime_suspend",
	"__pm_runtime_idle", "__pm_runtime_disable", "pm_runtime_barrier", "pm_runtime_force_*",
	"pm_runtime_enable", "dpm_*", "dev_pm_qos_*", "request_firmware*", "clk_prepare",
	"clk_unprepare", "clk_set_rate", "regulator_*able", "regmap_*", "i2c_*transfer*",
	"i2c_smbus_*", "i2c_master_*", "spi_sync*", "usb_control_msg*", "usb_bulk_msg",
	"usb_*kill*", "usb_set_interface", "usb_reset_device", "usb_lock_device_for_reset",
	"usb_deregister*", "pci_enable_device*", "pci_disable_device", "pci_*iov*", "pci_alloc_irq*",
	"pci_free_irq*", "pci_reset_*", "pci_set_power_state", "input_register_device",
	"input_unregister_device", "snd_card_*", "snd_ctl_*", "drm_modeset_lock*", "dma_resv_wait_*",
	"dma_fence_wait*", "dma_fence_default_wait", "led_trigger_register", "request_resource*",
	"scsi_execute*", "scsi_remove_*", "scsi_add_*", "scsi_scan_*", "ata_*exec*",
	/* network */
	"rtnl_lock*", "rtnl_unlock", "__rtnl_unlock", "lock_sock_nested", "__lock_sock*",
	"release_sock", "lock_sock_fast", "__lock_sock_fast", "sock_release", "sock_create*",
	"sk_wait_*", "sk_stream_wait_*", "kernel_*msg", "kernel_accept", "kernel_connect",
	"kernel_sock_*", "sock_*msg", "dev_open", "dev_close*", "free_netdev", "napi_disable*",
	"netif_napi_del", "__netif_napi_del*", "napi_synchronize", "netdev_run_todo",
	"netdev_wait_*", "dev_change_*", "netpoll_poll_disable", "genl_lock",
	"genl_register_family", "genl_unregister_family", "nlmsg_notify", "netlink_dump*",
	"rhashtable_free_and_destroy", "rhashtable_destroy", "rpc_call_sync", "rpc_run_task",
	"rpc_shutdown_client", "svc_recv", "crypto_alloc_*", "crypto_wait_for_test",
	/* the rest */
	"__request_module", "request_module*", "call_usermodehelper*", "audit_log_task_info",
	"bpf_prog_put", "bpf_map_put", "perf_event_create_kernel_counter",
	"perf_event_release_kernel", "key_put", "request_key*", "tty_*lock", "tty_ldisc_*wait*",
	"tty_vhangup", "tty_kref_put", "con*_lock", "console_lock", "vt_*wait*", "ida_*alloc*",
	"percpu_ref_switch_to_atomic_sync", "module_put_and_kthread_exit",
	"module_layout_*wait*", "wait_event*", "prepare_to_wait_event", "sleep_on*", NULL,
};

/* Tasks sleep in these functions until something happens. */
static const char *const known_sleeper[] = {
	"do_select", "do_sys_poll", "do_poll", "ep_poll", "do_epoll_wait", "do_nanosleep",
	"hrtimer_nanosleep", "futex_wait", "futex_wait_queue*", "__futex_wait", "do_futex",
	"do_wait", "kernel_wait4", "pipe_read", "pipe_wait_*", "unix_stream_read_generic",
	"unix_stream_recvmsg", "inet_csk_accept", "tcp_recvmsg*", "sk_wait_data", "n_tty_read",
	"svc_recv", "schedule", "__schedule", "schedule_timeout", "do_sigtimedwait",
	"do_signal_stop", "ptrace_stop", "do_msgrcv", "do_semtimedop", "wait_for_completion*",
	"inotify_read", "signalfd_read", "eventfd_read", "timerfd_read",
	NULL,
};

/* Kernel threads never, or hardly ever, leave these functions. */
static const char *const known_thread[] = {
	"worker_thread", "rescuer_thread", "kthread", "kthread_worker_fn", "smpboot_thread_fn",
	"kthreadd", "kswapd", "rcu_gp_kthread", "rcu_gp_fqs_loop", "kauditd_thread", "khugepaged",
	"kcompactd", "oom_reaper", "jbd2*kjournald2", "kjournald2", "nfsd", "io_wqe_worker",
	"io_wq_worker", "io_sq_thread", "do_idle", "cpu_startup_entry",
	NULL,
};

/* These functions start a thread with a given function. */
static const char *const known_thread_start[] = {
	"kthread_create_on_node", "kthread_create_on_cpu", "kthread_run*", "kernel_thread",
	"user_mode_thread", "create_io_thread",
	NULL,
};

/* These functions end the task. */
static const char *const known_exit[] = {
	"do_exit", "do_group_exit", "do_task_dead", "make_task_dead", "*kthread_exit",
	"kthread_complete_and_exit",
	NULL,
};

/* These functions have another function called later. */
static const char *const known_arm[] = {
	"call_rcu*", "init_timer_key", "timer_setup*", "mod_timer", "add_timer*", "hrtimer_init*",
	"hrtimer_setup*", "hrtimer_start*", "tasklet_setup", "tasklet_init", "queue_work_on",
	"queue_delayed_work_on", "mod_delayed_work_on", "__INIT_WORK*", "__init_work",
	"queue_rcu_work", "request_threaded_irq", "devm_request_*irq", "irq_work_queue*",
	"kthread_queue_work", "kthread_init_*", "task_work_add", "call_srcu", "kthread_create_*",
	NULL,
};

/*
 * Helpers and kfuncs in whose place the verifier (do_misc_fixups(), fixup_kfunc_call() and
 * inline_bpf_loop() of kernel/bpf/verifier.c), a map type's map_gen_lookup (kernel/bpf/arraymap.c,
 * hashtab.c, net/xdp/xskmap.c) or the JIT (emit_bpf_tail_call_*() of arch/x86/net/bpf_jit_comp.c)
 * puts instructions, in Linux 6.1, 6.12 or 7.3.
 */
static const char *const known_bpf_inlined[] = {
	"bpf_jiffies64", "get_func_arg", "get_func_ret", "get_func_arg_cnt", "bpf_get_func_arg*",
	"bpf_get_func_ret", "bpf_get_func_ip_tracing", "bpf_get_branch_snapshot",
	"bpf_get_smp_processor_id", "bpf_get_current_task", "bpf_get_current_task_btf",
	"bpf_kptr_xchg", "bpf_loop", "bpf_tail_call", "bpf_cast_to_kern_ctx", "bpf_rdonly_cast",
	"bpf_iter_num_new", "bpf_iter_num_next", "bpf_iter_num_destroy", "bpf_session_cookie",
	"bpf_session_is_return", "array_map_lookup_elem", "percpu_array_map_lookup_elem",
	"array_of_map_lookup_elem", "htab_map_lookup_elem", "htab_lru_map_lookup_elem",
	"htab_percpu_map_lookup_elem", "htab_of_map_lookup_elem", "rhtab_map_lookup_elem",
	"xsk_map_lookup_elem",
	NULL,
};

/* These functions run very often. */
static const char *const known_hot[] = {
	"__schedule", "try_to_wake_up", "ttwu_*", "enqueue_task_fair", "dequeue_task_fair",
	"pick_next_task_fair", "update_curr", "scheduler_tick", "sched_tick", "handle_mm_fault",
	"__handle_mm_fault", "do_user_addr_fault", "__alloc_pages", "get_page_from_freelist",
	"kmem_cache_alloc*", "kmem_cache_free", "__kmalloc*", "kmalloc_trace", "kfree",
	"__free_pages", "free_unref_page", "__netif_receive_skb_core*", "netif_receive_skb*",
	"napi_gro_receive", "dev_queue_xmit", "__dev_queue_xmit", "dev_hard_start_xmit", "ip_rcv",
	"ip_rcv_core*", "ip_queue_xmit", "__ip_queue_xmit", "tcp_v4_rcv", "tcp_rcv_established",
	"tcp_sendmsg_locked", "tcp_recvmsg_locked", "tcp_write_xmit", "tcp_ack", "vfs_read",
	"vfs_write", "new_sync_read", "__fget_light", "__fdget*", "fput", "link_path_walk*",
	"lookup_fast", "__d_lookup_rcu", "dput", "path_openat", "do_sys_openat2",
	"hrtimer_interrupt", "__hrtimer_run_queues", "tick_sched_timer", "tick_nohz_handler",
	"ktime_get", "rcu_sched_clock_irq", "mutex_lock", "mutex_unlock", "down_read", "up_read",
	"futex_wake", "futex_wait", "copy_page_to_iter", "_copy_to_iter", "blk_mq_submit_bio",
	"submit_bio_noacct", "filemap_get_pages", "ep_poll_callback", "sock_def_readable",
	"skb_release_data", "__alloc_skb", "kfree_skb*", "consume_skb",
	NULL,
};

/* These functions print, compare, copy or look up, and keep no pointer that they are given. */
static const char *const known_borrower[] = {
	"_printk", "printk*", "_dev_*", "dev_printk*", "__dynamic_*", "__warn_printk", "seq_*",
	"*printf", "str[cn]*", "strlen", "strscpy*", "strlcpy", "strsep", "strstr", "strpbrk",
	"strim", "skip_spaces", "kstrdup*", "kmemdup*", "memcpy", "__memcpy", "memcmp", "memmove",
	"__memmove", "memchr*", "*copy_to_user*", "*copy_to_iter*", "simple_read_from_buffer",
	"memory_read_from_buffer", "nla_*", "__nla_*", "sysfs_emit*", "sysfs_streq",
	"match_string", "__sysfs_match_string", "match_token", "*_match_id", "*_match_device",
	"*_match_node", "x86_match_*", "bsearch", "crc*", "print_hex_dump*", "trace_*",
	"__trace_*", "regmap_*write*", "__list_add_valid*", "__stack_chk_fail", "__ubsan_*",
	"__fortify_*", "fortify_panic",
	NULL,
};

/* clang-format on */

/* The first pattern that matches decides; one with "!" in front excludes the name. */
static const char *const *const known_patterns[] = {
	[KNOWN_ACQUIRE] = known_acquire,
	[KNOWN_RELEASE] = known_release,
	[KNOWN_REFERENCE] = known_reference,
	[KNOWN_INLINE] = known_inline,
	[KNOWN_COVERED] = known_covered,
	[KNOWN_THREAD_LOOP] = known_thread_loop,
	[KNOWN_SLEEP] = known_sleep,
	[KNOWN_BLOCKING] = known_blocking,
	[KNOWN_SLEEPER] = known_sleeper,
	[KNOWN_THREAD] = known_thread,
	[KNOWN_THREAD_START] = known_thread_start,
	[KNOWN_EXIT] = known_exit,
	[KNOWN_ARM] = known_arm,
	[KNOWN_HOT] = known_hot,
	[KNOWN_BPF_INLINED] = known_bpf_inlined,
	[KNOWN_BORROWER] = known_borrower,
};

/* Compares what stands before the first wildcard as text, which settles nearly every case. */
static bool known_matches(const char *pattern, const char *name)
{
	size_t literal = strcspn(pattern, "*?[\\");

	if (strncmp(pattern, name, literal) != 0)
		return false;
	return pattern[literal] ? !fnmatch(pattern + literal, name + literal, 0) : !name[literal];
}

bool known_is(enum known_kind kind, const char *name)
{
	for (const char *const *pattern = known_patterns[kind]; *pattern; pattern++)
		if (known_matches(*pattern + (**pattern == '!'), name))
			return **pattern != '!';
	return false;
}
