#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The documents are true: each whole scenario in README and in
# preemptsim-scenario(5) is valid and runs, each command line in the EXAMPLES
# of preemptsim(1) works, README shows what two commands print, HACKING
# names what there is, and the manual pages are clean.  `tests/man.sh --update`
# puts the outputs that it shows into README.
#
# In the manual page a scenario stands between .nf and .fi behind a comment
# `EXAMPLE NAME'; in README it is indented and begins with `# NAME.yaml'.
# README's output is what is indented below the command line.

# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

# The examples of the manual page on stdin, each into a file of its name.
man_examples() {
	# shellcheck disable=SC2016
	"$AWK" -v folder="$1" '
	/^\.\\" EXAMPLE / {
		file = folder "/" $3
	}
	/^\.nf/ && file != "" {
		inside = 1
		next
	}
	/^\.fi/ {
		inside = 0
		file = ""
	}
	inside {
		gsub(/\\-/, "-")
		gsub(/\\&/, "")
		gsub(/\\e/, "\\")
		print >file
	}'
}

# The same of README.
readme_examples() {
	# shellcheck disable=SC2016
	"$AWK" -v folder="$1" '
	/^    # [a-z0-9-]*\.yaml$/ {
		file = folder "/" $2
	}
	/^[^ ]/ {
		file = ""
	}
	file != "" {
		print substr($0, 5) >file
	}'
}

# The command lines in EXAMPLES of the page on stdin, one a line.
commands() {
	# shellcheck disable=SC2016
	"$AWK" '
	/^\.Sh / {
		here = $2 == "EXAMPLES"
	}
	here {
		line = $0
		sub(/^\.Dl /, "", line)
		if (command == "" && line !~ /^\$ /)
			next
		sub(/^\$ /, "", line)
		more = sub(/\\e$/, "", line)
		command = command line
		if (more)
			next
		gsub(/\\&/, "", command)
		print command
		command = ""
	}'
}

# readme_output COMMAND: what README says that preemptsim COMMAND prints.
readme_output() {
	# shellcheck disable=SC2016
	"$AWK" -v command="$1" '
	index($0, "    $ ./preemptsim " command " ") == 1 {
		inside = 1
		next
	}
	/^[^ ]/ {
		inside = 0
	}
	inside {
		print substr($0, 5)
	}' "$src/README" | cat -s
}

# What it prints, but for what README leaves out.
real_output() {
	case $1 in
	compare)
		set -- compare scenarios/audio-writer.yaml
		set -- '1,/^  player: /p' "$@"
		;;
	run)
		set -- run scenarios/timerlat-preempt-off.yaml -d 2s --explain=1
		set -- '/^timerlat: wakeup/,/^insmod/{
			/^insmod/!p
		}' "$@"
		;;
	esac
	(
		cd "$src" || exit 1
		sed_script=$1
		shift
		"$PREEMPTSIM" "$@" | sed -n -e "$sed_script"
		echo
	) | cat -s
}

# update_readme COMMAND: README, with the output of preemptsim COMMAND on stdin
# in place of the old one.
update_readme() {
	"$AWK" -v readme="$src/README" -v command="$1" '
	function put_output() {
		while ((getline line <"-") > 0)
			print line == "" ? line : "    " line
	}
	BEGIN {
		while ((getline row <readme) > 0) {
			if (row ~ /^[^ ]/)
				inside = 0
			if (!inside)
				print row
			if (index(row, "    $ ./preemptsim " command " ") == 1) {
				inside = 1
				put_output()
			}
		}
	}'
}

# works COMMAND...: it does; an expectation may fail.
works() {
	"$@" >"$tmp/log" 2>&1 </dev/null
	status=$?
	test "$status" -eq 0 || test "$status" -eq 3 && return
	echo "exit status $status" >>"$tmp/log"
	return 1
}

if test "${1-}" = --update; then
	for command in compare run; do
		real_output $command | update_readme $command >"$tmp/readme" ||
			exit 1
		cat "$tmp/readme" >"$src/README"
	done
	exit
fi

# The commands whose output is shown.
for command in compare run; do
	readme_output $command >"$tmp/shown"
	real_output $command >"$tmp/real"
	diff -u "$tmp/shown" "$tmp/real" >"$tmp/log"
	report $? "README shows what $command prints"
done

# The scenarios.
mkdir "$tmp/man" "$tmp/readme" "$tmp/bin" || exit 99
man_examples "$tmp/man" <"$src/man/preemptsim-scenario.5.in"
readme_examples "$tmp/readme" <"$src/README"
for folder in man readme; do
	: >"$tmp/log"
	ls "$tmp/$folder"/*.yaml >/dev/null 2>"$tmp/log"
	report $? "$folder has examples"
	for scenario in "$tmp/$folder"/*.yaml; do
		name=$folder/${scenario##*/}
		"$PREEMPTSIM" check "$scenario" >"$tmp/log" 2>&1 &&
			! grep -q ' warning: ' "$tmp/log"
		report $? "check $name"
		works "$PREEMPTSIM" run -d 500ms "$scenario"
		report $? "run $name"
	done
done

# The commands, in both lists of them.
"$PREEMPTSIM" help | sed -n '/^Commands:$/,/^$/s/^  \([a-z]*\) .*/\1/p' \
	>"$tmp/names"
sed -n 's/^    \([a-z]*\) .*/\1/p' "$src/README" \
	>"$tmp/readme-names"
sed -n '/^\.Sh SYNOPSIS/,/^\.Sh DESC/s/^\.Cm //p' "$src/man/preemptsim.1" \
	>"$tmp/man-names"
while read -r command; do
	grep -qx "$command" "$tmp/readme-names" ||
		echo "README does not list $command"
	grep -qx "$command" "$tmp/man-names" ||
		echo "the synopsis lacks $command"
done <"$tmp/names" >"$tmp/log"
test -s "$tmp/names" && ! test -s "$tmp/log"
report $? "README and preemptsim(1) list all commands"

# The names in HACKING: functions, paths of operations, files.
grep -o '[a-z_]*_path\|[a-z_]*()' "$src/HACKING" | tr -d '()' | sort -u |
	while read -r word; do
		case $word in
		'' | main | exp | log | pow | module_verb) continue ;;
		esac
		grep -rqw --include='*.[ch]' -e "$word" "$src/src" \
			"$src/include" || echo "there is no $word"
	done >"$tmp/log"
grep -o '\(src\|include\|tests\|man\)/[A-Za-z0-9/._-]*[a-z0-9]' \
	"$src/HACKING" | sort -u |
	while read -r file; do
		case $file in
		*/check-* | *.[0-9]) continue ;; # programs, made pages
		esac
		test -e "$src/$file" || test -e "$src/$file.c" ||
			case $file in *NAME*) true ;; *) false ;; esac ||
			echo "there is no $file"
	done >>"$tmp/log"
! test -s "$tmp/log"
report $? "what HACKING names is there"

# What it links the program with for a search is what configure asks for.
sed -n "s/^PS_LIBRARY(\[[A-Z_]*\], \[\([^] ]*\).*/\1/p" "$src/configure.ac" |
	sort >"$tmp/asked"
sed -n "s/^ *libs='\(.*\)'$/\1/p" "$src/HACKING" | tr ' ' '\n' | sort >"$tmp/linked"
test -s "$tmp/asked" && diff "$tmp/asked" "$tmp/linked" >"$tmp/log"
report $? "HACKING links all libraries"

# The command lines, in a folder with the first scenario of the manual.
cat >"$tmp/bin/preemptsim" <<EOF2
#!/bin/sh
exec '$PREEMPTSIM' "\$@"
EOF2
chmod +x "$tmp/bin/preemptsim"
PATH=$tmp/bin:$PATH
export PATH
cd "$tmp/man" || exit 99
commands <"$src/man/preemptsim.1" >"$tmp/commands"
: >"$tmp/log"
test -s "$tmp/commands"
report $? "preemptsim(1) has examples"
# drawable COMMAND: is no gnuplot needed for that, or is it there?
drawable() {
	case $1 in
	*' timeline '*) return 0 ;;
	'preemptsim plot '*) command -v gnuplot >/dev/null ;;
	esac
}
while IFS= read -r command; do
	if ! drawable "$command"; then
		skip "$command" "gnuplot is not installed"
		continue
	fi
	works sh -c "$command"
	report $? "$command"
done <"$tmp/commands"

# The pages.
"$PREEMPTSIM" list --man >"$tmp/parameters" 2>"$tmp/log"
report $? "list --man"
sed -e '/^@PARAMETERS@$/{' -e "r $tmp/parameters" -e d -e '}' \
	"$src/man/preemptsim-scenario.5.in" >"$tmp/preemptsim-scenario.5"
grep -q '^\.SH KEYS' "$tmp/preemptsim-scenario.5"
report $? "the parameters find their place"
for page in "$src/man/preemptsim.1" "$tmp/preemptsim-scenario.5"; do
	name=${page##*/}
	if command -v mandoc >/dev/null 2>&1; then
		mandoc -T lint -W warning "$page" >"$tmp/log" 2>&1
		report $? "mandoc -T lint $name"
	else
		skip "mandoc -T lint $name" "there is no mandoc"
	fi
	if man --warnings --version >/dev/null 2>&1; then
		# Wide enough for the longest line that can't be broken.
		MANWIDTH=120 man --warnings -l "$page" \
			>/dev/null 2>"$tmp/log"
		! grep -q . "$tmp/log"
		report $? "man --warnings $name"
	else
		skip "man --warnings $name" "man knows no --warnings"
	fi
done

echo "1..$n"
