// Package spelling finds the name that was probably meant: letters forgotten,
// doubled or exchanged, kana and Latin letters, names in the other order.
package spelling

import (
	"cmp"
	"slices"
	"strings"
)

// Near returns those of names that asked was probably meant to be, nearest
// first, no more than three. A name counts as near when it can be had by a
// change for every five letters; letters that change places are one change
// (Damerau 1964, optimal string alignment). Kana and the ways of writing
// Japanese in Latin letters count as the same.
func Near(asked string, names []string) []string {
	type hit struct {
		name string
		far  int
	}
	var hits []hit
	want := folded(asked)
	for _, name := range names {
		if strings.EqualFold(name, asked) {
			continue
		}
		far := distance(want, folded(name))
		if turned := turn(name); turned != "" {
			far = min(far, 1+distance(want, folded(turned)))
		}
		if far <= 1+len(want)/5 {
			hits = append(hits, hit{name, far})
		}
	}
	slices.SortFunc(hits, func(a, b hit) int { return cmp.Or(cmp.Compare(a.far, b.far), cmp.Compare(a.name, b.name)) })
	var out []string
	for _, h := range slices.CompactFunc(hits, func(a, b hit) bool { return a.name == b.name }) {
		if len(out) < 3 {
			out = append(out, h.name)
		}
	}
	return out
}

// turn writes a name of two parts in the other order: people mix up which name
// comes first.
func turn(name string) string {
	a, b, ok := strings.Cut(name, ".")
	if !ok {
		return ""
	}
	return b + "." + a
}

// distance is the number of letters to insert, drop, replace or exchange with
// their neighbour.
func distance(a, b []rune) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i, x := range a {
		row[0] = i + 1
		for j, y := range b {
			change := last[j]
			if x != y {
				change++
			}
			row[j+1] = min(change, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && x == b[j-1] && a[i-1] == y {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}

// folded is a name as it sounds: kana in Latin letters, Hepburn and Kunrei
// alike, long vowels short, what stands between names gone.
func folded(name string) []rune {
	return []rune(spelling.Replace(long.Replace(latin(strings.ToLower(name)))))
}

// spelling makes one of the ways to write the same sound. Longer ones first:
// strings.Replacer takes the first that fits.
var spelling = strings.NewReplacer(
	".", "", "-", "", "_", "", " ", "", "　", "",
	"shi", "si", "sha", "sya", "shu", "syu", "sho", "syo", "chi", "ti", "cha", "tya", "chu", "tyu", "cho", "tyo",
	"tsu", "tu", "fu", "hu", "ji", "zi", "ja", "zya", "ju", "zyu", "jo", "zyo", "mb", "nb", "mp", "np",
)

// long makes long vowels short, before anything else takes their first letter.
var long = strings.NewReplacer("ou", "o", "oo", "o", "uu", "u")

// latin writes kana in Latin letters; other characters stay.
func latin(s string) string {
	var b strings.Builder
	double := false
	for _, r := range s {
		if 'ァ' <= r && r <= 'ヶ' {
			r -= 'ァ' - 'ぁ'
		}
		switch small, isSmall := smallKana[r]; {
		case r == 'っ':
			double = true
			continue
		case r == 'ー':
			continue
		case isSmall:
			t := strings.TrimSuffix(b.String(), "i")
			b.Reset()
			b.WriteString(t + small)
			continue
		}
		sound, ok := kana[r]
		if !ok {
			sound = string(r)
		}
		if double {
			b.WriteString(sound[:1])
			double = false
		}
		b.WriteString(sound)
	}
	return b.String()
}

var smallKana = map[rune]string{'ゃ': "ya", 'ゅ': "yu", 'ょ': "yo"}

// kana are the sounds of the syllabary, by rows of it.
var kana = syllabary(
	"あいうえお a i u e o", "かきくけこ ka ki ku ke ko", "さしすせそ sa si su se so", "たちつてと ta ti tu te to",
	"なにぬねの na ni nu ne no", "はひふへほ ha hi hu he ho", "まみむめも ma mi mu me mo", "やゆよ ya yu yo",
	"らりるれろ ra ri ru re ro", "わをん wa o n", "がぎぐげご ga gi gu ge go", "ざじずぜぞ za zi zu ze zo",
	"だぢづでど da zi zu de do", "ばびぶべぼ ba bi bu be bo", "ぱぴぷぺぽ pa pi pu pe po", "ぁぃぅぇぉゔ a i u e o vu",
)

func syllabary(rows ...string) map[rune]string {
	out := make(map[rune]string)
	for _, row := range rows {
		words := strings.Fields(row)
		for i, r := range []rune(words[0]) {
			out[r] = words[i+1]
		}
	}
	return out
}

// Same tells whether two names sound alike: kana and Latin letters, Hepburn and
// Kunrei, family name first or last.
func Same(a, b string) bool {
	x := folded(a)
	return len(x) > 0 && (slices.Equal(x, folded(b)) || slices.Equal(x, folded(turn(b))))
}

// Latin writes a name as accounts are written: kana in Latin letters as
// passports have them (Hepburn without long vowels), nothing but letters and
// digits. It is empty where a character is left that has no such sound.
func Latin(name string) string {
	s := passport.Replace(long.Replace(latin(strings.ToLower(strings.TrimSpace(name)))))
	for _, r := range s {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') {
			return ""
		}
	}
	return s
}

// passport writes the sounds that kana have here as passports do.
// Source: Ministry of Foreign Affairs of Japan, "ヘボン式ローマ字綴方表".
var passport = strings.NewReplacer(
	"sya", "sha", "syu", "shu", "syo", "sho", "tya", "cha", "tyu", "chu", "tyo", "cho",
	"zya", "ja", "zyu", "ju", "zyo", "jo", "si", "shi", "ti", "chi", "tu", "tsu", "hu", "fu", "zi", "ji",
)
