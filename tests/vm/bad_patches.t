#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The VM gate tries modules that Suture does not build: those of other makers, of other kernels, and
# broken ones; and it runs checks.  gate.t tries modules that Suture builds.
#
#   KERNEL  a release or a series (default: 6.1)
#   SUTURE  the program (default: build/suture)

use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Copy qw(copy);
use File::Temp qw(tempdir);
use JSON::PP qw(decode_json);
use Test::More;

my $suture = abs_path($ENV{SUTURE} // dirname($0) . '/../../build/suture');
my $dir = tempdir('suture-test.XXXXXX', DIR => $ENV{TMPDIR} // '/var/tmp', CLEANUP => 1);

# Returns the decoded output of the program, and its exit code.
sub run_suture {
	open(my $pipe, '-|', $suture, '--json', '-q', @_) or die;
	my $json = do { local $/; <$pipe> };
	close $pipe;
	return (decode_json($json), $? >> 8);
}

my ($kernel, $code) = run_suture('fetch', '--kernel', $ENV{KERNEL} // '6.1');
BAIL_OUT("the kernel cannot be fetched: $kernel->{error}{message}") if $code;

$ENV{TMPDIR} = "$dir/tmp";
mkdir $ENV{TMPDIR};

# External modules are built in a farm of links to the build folder, as make writes to it.
sub build_fixtures {
	my ($compiler) = split(' ', $kernel->{compiler});
	copy($_, $dir) or die "$_: $!" for glob(dirname($0) . '/fixtures/*');
	system('cp', '-rs', $kernel->{build_dir}, "$dir/build");
	symlink($kernel->{source}, "$dir/build/source") or die;
	my $make = join(' ', 'make -rR -f source/Makefile', "-C $dir/build", "M=$dir", "CC=$compiler",
		"KERNELRELEASE=$kernel->{kernel}", 'CONFIG_DEBUG_INFO_BTF_MODULES= modules 2>&1');
	return `$make`;
}

my $log = build_fixtures();
is($?, 0, 'fixtures build') or BAIL_OUT($log);

# Makes a copy of good.ko in which a text is replaced by one of the same length.
sub with_change {
	my ($name, $from, $to) = @_;
	open(my $in, '<:raw', "$dir/good.ko") or die;
	my $bytes = do { local $/; <$in> };
	$bytes =~ s/$from/$to/ or die;
	open(my $out, '>:raw', "$dir/$name.ko") or die;
	print $out $bytes;
}

sub write_check {
	my ($name, $text) = @_;
	open(my $out, '>', "$dir/$name") or die;
	print $out "#!/bin/sh\n$text";
	close $out;
	return "$dir/$name";
}

sub run_test {
	return run_suture('test', '--kernel', $kernel->{kernel}, '--trial', 'load', @_);
}

sub by_name {
	return map { $_->{name} => $_ } @{ $_[0]->{modules} };
}

sub fails {
	my ($module, $stage, $why) = @_;
	my $name = $module->{name};
	is($module->{result}, 'fail', "$name fails");
	is($module->{failed_at}, $stage, "$name: at $stage");
	like($module->{why}, $why, "$name: why");
}

with_change('other_release', qr/vermagic=\d/, 'vermagic=9'); # which MODVERSIONS let pass
with_change('other_magic', qr/ mod_unload/, ' mod_unl0ad');
open(my $garbage, '>', "$dir/garbage.ko") or die;
print $garbage "no module\n";
close $garbage;

# Modules that do no damage share one boot.
{
	my @names = qw(good garbage not_a_patch refused_init unknown_function
		other_release other_magic of_module of_absent_module);
	my ($result, $code) = run_test('--show', '/proc/cmdline', map { "$dir/$_.ko" } @names);
	my %m = by_name($result);

	is($code, 3, 'a failed gate has exit code 3');
	is($result->{result}, 'fail', 'one bad module fails the test');
	is($result->{boots}, 1, 'all modules share one boot');
	is(scalar @{ $result->{modules} }, @names, 'all modules are reported');

	my $good = $result->{modules}[0];
	is($good->{result}, 'pass', 'the good module passes') or diag(explain($good));
	is_deeply([ map { $_->{phase} } @{ $good->{shows} } ], [qw(before patched after)], 'the file is shown in three phases');
	is($good->{shows}[1]{text}, 'patched', 'the patch works');
	is($good->{shows}[0]{text}, $good->{shows}[2]{text}, 'removing the patch restores the file');
	like($good->{shows}[0]{text}, qr/console=/, 'the file has its content before');
	is_deeply($good->{objects}[0]{functions}, ['cmdline_proc_show,1'], 'the patched functions are listed');
	is($good->{cycles}, 1, 'there was one cycle');
	cmp_ok(scalar @{ $good->{kernel_log} }, '>=', 5, 'the module has its part of the log');
	is(scalar(grep { !/good|livepatch/ } @{ $good->{kernel_log} }), 0, 'the module has no lines of others');

	fails($m{garbage}, 'prepare', qr/garbage\.ko/);
	fails($m{not_a_patch}, 'prepare', qr/not a live patch/);
	fails($m{refused_init}, 'load', qr/EINVAL/);
	fails($m{unknown_function}, 'load', qr/EINVAL.*no_function_of_this_name/);
	fails($result->{modules}[5], 'prepare', qr/built for 9\./);
	fails($result->{modules}[6], 'load', qr/ENOEXEC.*version magic/);
	is($m{of_module}{result}, 'pass', 'a patch of a module passes') or diag(explain($m{of_module}));
	is($m{of_module}{objects}[0]{name}, 'dummy', 'the patched module is loaded');
	ok($m{of_module}{objects}[0]{patched}, 'the loaded module is patched');
	ok(!$m{of_absent_module}{objects}[0]{patched}, 'a module that is absent is not patched');
	like($m{of_absent_module}{objects}[0]{why}, qr/the module does not exist/, 'the result says why a module is absent');
	ok(!$m{of_absent_module}{exercised}, 'a patch of an absent module is not exercised');
	ok($good->{exercised}, 'the good module was exercised');
	my ($shown) = run_suture('show', "$dir/of_absent_module.ko");
	ok(!$shown->{tested}{exercised}, 'the attestation says that it was not exercised');
}

# Each module that does damage costs a boot.
{
	my @names = qw(panic_patched null_init good);
	my ($result) = run_test('--show', '/proc/cmdline', map { "$dir/$_.ko" } @names);
	my %m = by_name($result);

	fails($m{panic_patched}, 'patched', qr/Kernel panic - not syncing: fixture panics/);
	ok((grep { /patch_show.*panic_patched/ } @{ $m{panic_patched}{kernel_log} }), 'the log has the trace of the panic');
	fails($m{null_init}, 'load', qr/BUG: kernel NULL pointer dereference/);
	is($m{good}{result}, 'pass', 'a good module passes after bad ones');
	is($result->{boots}, 3, 'damage leads to a fresh guest');
}

# A task that sleeps where the kernel does not search wakes up in code that was freed.
{
	my ($result) = run_suture('test', '--kernel', $kernel->{kernel}, '--trial', 'coverage,asleep',
		map { "$dir/$_.ko" } qw(asleep_outside asleep_inside));
	my %m = by_name($result);
	my %went = map { $_->{name} => $_->{result} } @{ $m{asleep_inside}{trials} };

	like($m{asleep_outside}{why}, qr/unable to handle page fault|Oops/, 'asleep_outside fails by the crash');
	is($m{asleep_outside}{failed_trial}, 'asleep', 'asleep_outside fails in the trial asleep');
	is($m{asleep_inside}{result}, 'pass', 'asleep_inside passes') or diag(explain($m{asleep_inside}));
	is($went{asleep}, 'pass', 'a task slept in asleep_inside');
}

# The gate runs checks.
{
	my $phases = write_check('phases', 'test "$SUTURE_MODULE" = good && echo "in $SUTURE_PHASE"');
	my $fixed = write_check('fixed', 'read -r line </proc/cmdline; test "$line" = patched');
	my ($result, $code) = run_test('--check', $phases, "$dir/good.ko");

	is($code, 0, 'a good check passes') or diag(explain($result));
	is_deeply([ map { "$_->{phase} $_->{ok} $_->{output}" } @{ $result->{checks} } ],
		[ map { "$_ 1 in $_\n" } qw(before patched after) ], 'a check runs in each phase');

	($result, $code) = run_test('--check', $fixed, '--cycles', 2, '--expect',
		'before=fail,patched=pass,after=fail', "$dir/good.ko");
	is($code, 0, 'a reproducer fails, passes and fails as expected') or diag(explain($result));
	is($result->{cycles}, 3, 'two more cycles are made');

	my $endless = write_check('endless', 'sleep() { while :; do :; done; }; sleep & sleep');
	my $chatty = write_check('chatty', 'while :; do echo yyyyyyyyyyyyyyyyyyyyyyyyyyyyyy; done');
	($result) = run_test('--timeout', 2, '--check', $endless, '--check', $chatty, "$dir/good.ko");
	fails($result, 'before', qr/check endless: did not finish within 2000 ms/);
	is(scalar(grep { $_->{timed_out} } @{ $result->{checks} }), 6, 'each run of an endless check is ended');
	cmp_ok(length($result->{checks}[1]{output}), '<=', 16384, 'the output of a check is limited');
	is($result->{boots}, 1, 'the guest goes on after endless checks');
}

is_deeply([ glob("$dir/tmp/*") ], [], 'no temporary file is left behind');

done_testing();
