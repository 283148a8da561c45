#!/bin/bash
# usage: fuzz.sh [TIME [PATTERN]]
# Runs every fuzz target whose package or name matches PATTERN for TIME (10m),
# one after the other, and says which of them found something. What a target
# finds lies in testdata/fuzz of its package: commit it with the fix.
# Inputs are made small in a few tries only: a target that writes files spends a
# minute on each otherwise, and tries next to nothing. That time is up is no
# finding, though Go before 1.27 may call it a failure (go.dev/issue/75804).
set -u
cd "$(dirname "$0")/.." || exit 2
time=${1:-10m} pattern=${2:-.} bad=0
while IFS=: read -r file line; do
	name=${line#func }
	name=${name%%(*}
	folder=./$(dirname "$file")
	[[ "$folder $name" =~ $pattern ]] || continue
	echo "== $folder $name"
	if ! out=$(go test "$folder" -run '^$' -fuzz "^$name\$" -fuzztime "$time" -fuzzminimizetime 20x 2>&1) &&
		! [[ $out =~ FAIL:\ $name\ [^$'\n']*$'\n'\ +context\ deadline\ exceeded$'\n'FAIL ]]; then
		echo "$out" | tail -40
		bad=1
	else
		echo "$out" | grep -E '^fuzz: elapsed' | tail -1
	fi
done < <(git grep -E '^func Fuzz' -- '*_test.go')
exit $bad
